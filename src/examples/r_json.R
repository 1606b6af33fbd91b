# Loss and gradient of a matrix from R, as JSON: no package of CRAN reads or writes npz or safetensors without Python.
# Needs jsonlite and curl.

library(jsonlite)
library(curl)

base <- Sys.getenv("LOSS_SERVICE_URL", "http://localhost:8080")

# I() keeps vectors of length one arrays, digits = NA keeps all digits
multi_margin_loss <- function(input, label, ...) {
  body <- toJSON(list(input = input, label = I(as.integer(label)), ...), auto_unbox = TRUE, digits = NA)
  handle <- new_handle(postfields = body)
  handle_setheaders(handle, "Content-Type" = "application/json")
  response <- curl_fetch_memory(paste0(base, "/v1/losses/multi-margin"), handle)
  answer <- fromJSON(rawToChar(response$content))
  if (response$status_code != 200) stop(answer$detail)
  answer
}

scores <- rbind(c(1, -2, 3), c(0, -1, 2), c(1, 0, 1))
answer <- multi_margin_loss(scores, c(0, 1, 2), dtype = "float64")
stopifnot(
  abs(answer$loss$data - 10 / 9) < 1e-15,
  max(abs(answer$gradient$data - rbind(c(-1, 0, 1), c(1, -2, 1), c(1, 0, -1)) / 9)) < 1e-15
)
cat("r_json: the numbers are right\n")
