package org.lossservice.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.equalToIgnoringCase;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.config.DecoderConfig;
import io.restassured.config.RestAssuredConfig;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields of a request, each with the numbers it must lead to. */
class MultiMarginHttpTest extends HttpTest {

    private static final String EXAMPLE = "'input': [[1, -2, 3], [0, -1, 2], [1, 0, 1]], 'label': [0, 1, 2]";

    private static String answer(String more) {
        return post(quotes("{" + EXAMPLE + more + "}"))
                .statusCode(200)
                .extract()
                .asString();
    }

    /** The answer as its text stands: shapes, dtypes, order of members and shortest numbers at once. */
    @Test
    void specificationExample() {
        post(quotes("{" + EXAMPLE + "}"))
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body(equalTo(quotes("{'loss':{'dtype':'float32','shape':[],'data':[1.1111112]},"
                        + "'gradient':{'dtype':'float32','shape':[3,3],'data':[[-0.11111111,0.0,0.11111111],"
                        + "[0.11111111,-0.22222222,0.11111111],[0.11111111,0.0,-0.11111111]]},"
                        + "'parameters':{'p':1,'margin':1.0,'reduction':'mean','convention':'documented'}}")));
    }

    @Test
    void float64IsShortestToo() {
        post(quotes("{'dtype': 'float64', " + EXAMPLE + "}"))
                .statusCode(200)
                .body(containsString(quotes("'loss':{'dtype':'float64','shape':[],'data':[1.1111111111111112]}")));
    }

    @Test
    void membersComeInAnyOrderAndDtypeMayFollowInput() {
        String first = post(quotes("{'dtype':'float64','margin':0.1,'input':[[0.1,0.2]],'label':[1]}"))
                .extract()
                .asString();
        String last = post(quotes("{'label':[1],'input':[[0.1,0.2]],'margin':0.1,'dtype':'float64'}"))
                .statusCode(200)
                .extract()
                .asString();
        org.assertj.core.api.Assertions.assertThat(last).isEqualTo(first).contains("float64");
    }

    @Test
    void reductionNoneGivesALossForEachRow() {
        post(quotes("{" + EXAMPLE + ",'reduction':'none','grad_output':[1, 10, 100],'dtype':'float64'}"))
                .statusCode(200)
                .body("loss.shape", contains(3))
                .body(containsString("\"data\":[1.0,2.0,0.3333333333333333]"))
                .body(containsString("[[-0.3333333333333333,0.0,0.3333333333333333],"
                        + "[3.3333333333333335,-6.666666666666667,3.3333333333333335],"
                        + "[33.333333333333336,0.0,-33.333333333333336]]"));
    }

    @Test
    void reductionSumAndUpstreamGradient() {
        post(quotes("{" + EXAMPLE + ",'reduction':'sum','grad_output':[-2]}"))
                .statusCode(200)
                .body(containsString("\"data\":[3.3333333]"))
                .body(containsString("[0.6666667,0.0,-0.6666667]"));
    }

    @Test
    void gradientsAreThereWhenAskedFor() {
        post(quotes("{" + EXAMPLE + ",'return_gradient':false}"))
                .statusCode(200)
                .body("$", not(hasKey("gradient")))
                .body("$", not(hasKey("weight_gradient")));
        // at w = 1 the gradient of a class's weight is the sum of its rows' losses over N
        post(quotes("{" + EXAMPLE + ",'return_weight_gradient':true,'dtype':'float64'}"))
                .statusCode(200)
                .body("weight_gradient.shape", contains(3))
                .body(containsString("\"weight_gradient\":{\"dtype\":\"float64\",\"shape\":[3],"
                        + "\"data\":[0.3333333333333333,0.6666666666666666,0.1111111111111111]}"));
    }

    /** z = 2 and w = 3: documented (3·2)² / 2 = 18, pytorch 3·2² / 2 = 6. */
    @ParameterizedTest
    @CsvSource({"documented, 18.0, 18.0", "pytorch, 6.0, 6.0", "paddle, 6.0, 6.0"})
    void conventions(String convention, String loss, String slope) {
        post(quotes(String.format(
                        Locale.ROOT,
                        "{'input':[[0,1]],'label':[0],'p':2,'weight':[3,7],'reduction':'none','convention':'%s'}",
                        convention)))
                .statusCode(200)
                .body(containsString("\"data\":[" + loss + "]"))
                .body(containsString("\"data\":[[-" + slope + "," + slope + "]]"))
                .body("parameters.convention", equalTo(convention));
    }

    /** At z = 0 and p = 1 only paddle's subgradient is that of the active side. */
    @ParameterizedTest
    @CsvSource({"documented, '0.0,0.0'", "pytorch, '0.0,0.0'", "paddle, '-0.5,0.5'"})
    void kink(String convention, String gradient) {
        post(quotes("{'input':[[1,0]],'label':[0],'convention':'" + convention + "'}"))
                .statusCode(200)
                .body(containsString("\"data\":[[" + gradient + "]]"));
    }

    @Test
    void nameIsEchoed() {
        post(quotes("{" + EXAMPLE + ",'name':'žluťoučký \\\\u0041'}"))
                .statusCode(200)
                .body("name", equalTo("žluťoučký \\u0041"));
        post(quotes("{" + EXAMPLE + "}")).body("name", nullValue());
    }

    @Test
    void nullWeightIsNoWeight() {
        org.assertj.core.api.Assertions.assertThat(answer(",'weight':null")).isEqualTo(answer(""));
    }

    /** Every number is rounded to the dtype once, from its decimal text: by way of double it would be 1.0. */
    @Test
    void numbersAreRoundedOnce() {
        String justAboveHalfway = "1.00000005960464477539062500000000000000000000000000000001";
        post(quotes("{'input':[[0.0," + justAboveHalfway + "]],'label':[0],'margin':0,'reduction':'none'}"))
                .statusCode(200)
                .body(containsString("\"data\":[0.50000006]"));
        post(quotes("{'input':[[0.0,0]],'label':[0],'margin':" + justAboveHalfway + ",'reduction':'none'}"))
                .statusCode(200)
                .body(containsString("\"data\":[0.50000006]"))
                .body(containsString("\"margin\":1.0000001"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e-400", "-1e-400", "-0", "0.0", "-0.0", "0e999999999"})
    void underflowIsNoError(String zero) {
        post(quotes("{'input':[[" + zero + ",0]],'label':[0],'margin':" + zero + "}"))
                .statusCode(200)
                .body(containsString("\"data\":[0.0]"))
                .body(containsString("\"data\":[[0.0,0.0]]"))
                .body(containsString("\"margin\":0.0"));
    }

    @Test
    void resultThatOverflowsNamesItsElement() {
        post(quotes("{'input':[[0,1],[-3e38,3e38]],'label':[0,0],'reduction':'none','p':2}"))
                .statusCode(422)
                .contentType(PROBLEM)
                .body("code", equalTo("result_overflow"))
                .body("errors[0].tensor", equalTo("loss"))
                .body("errors[0].index", contains(1));
    }

    @Test
    void answersAreGzippedForThoseWhoAsk() {
        String row = "[" + "1.25,".repeat(3000) + "1]";
        json(quotes("{'input':[" + row + "],'label':[0]}"))
                .header("Accept-Encoding", "gzip")
                .post(ROUTE)
                .then()
                .statusCode(200)
                .header("Content-Encoding", "gzip")
                .body("gradient.shape", contains(1, 3001));
    }

    /** However small it is, and with a word to caches. */
    @ParameterizedTest
    @CsvSource({"/v1/losses, 200", "/v1/capabilities, 200", "/v1/losses/multi-margin, 200", "/nowhere, 404"})
    void smallAnswersAreGzippedForThoseWhoAsk(String path, int status) {
        given().header("Accept-Encoding", "gzip")
                .get(path)
                .then()
                .statusCode(status)
                .header("Content-Encoding", "gzip")
                .header("Vary", equalToIgnoringCase("accept-encoding"));
        given().config(RestAssuredConfig.config()
                        .decoderConfig(DecoderConfig.decoderConfig().noContentDecoders()))
                .get(path)
                .then()
                .statusCode(status)
                .header("Content-Encoding", nullValue())
                .header("Vary", equalToIgnoringCase("accept-encoding"));
    }
}
