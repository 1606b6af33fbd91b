// Loss and gradient of a batch from Go, as JSON, with the standard library alone.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"math"
	"net/http"
	"os"
)

type request struct {
	Input [][]float64 `json:"input"`
	Label []int       `json:"label"`
	Dtype string      `json:"dtype"`
}

type answer struct {
	Loss struct {
		Shape []int     `json:"shape"`
		Data  []float64 `json:"data"`
	} `json:"loss"`
	Gradient struct {
		Shape []int       `json:"shape"`
		Data  [][]float64 `json:"data"`
	} `json:"gradient"`
	Detail string `json:"detail"`
}

func multiMarginLoss(batch request) (*answer, error) {
	base := os.Getenv("LOSS_SERVICE_URL")
	if base == "" {
		base = "http://localhost:8080"
	}
	body, err := json.Marshal(batch)
	if err != nil {
		return nil, err
	}
	response, err := http.Post(base+"/v1/losses/multi-margin", "application/json", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var result answer
	if err := json.NewDecoder(response.Body).Decode(&result); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", response.Status, result.Detail)
	}
	return &result, nil
}

func main() {
	scores := [][]float64{{1, -2, 3}, {0, -1, 2}, {1, 0, 1}}
	result, err := multiMarginLoss(request{Input: scores, Label: []int{0, 1, 2}, Dtype: "float64"})
	if err != nil {
		log.Fatal(err)
	}
	if math.Abs(result.Loss.Data[0]-10.0/9) > 1e-15 {
		log.Fatal("wrong loss: ", result.Loss.Data)
	}
	expected := [][]float64{{-1, 0, 1}, {1, -2, 1}, {1, 0, -1}}
	for i, row := range result.Gradient.Data {
		for j, slope := range row {
			if math.Abs(9*slope-expected[i][j]) > 1e-14 {
				log.Fatal("wrong gradient: ", result.Gradient.Data)
			}
		}
	}
	fmt.Println("go_json: the numbers are right")
}
