package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is coerced: each wrong thing is refused with its status, code, place and a word that helps. */
class StrictJsonHttpTest extends HttpTest {

    private static final String GOOD = "'input':[[1,2],[3,4]],'label':[0,1]";

    /** A body with one thing wrong: the code, the pointer and a part of the detail. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'input':[[1,2]],'label':[1.0]}                  | wrong_type    | #/label/0     | expected an integer, found the number 1.0",
                "{'input':[[1,2]],'label':['1']}                  | wrong_type    | #/label/0     | found the string \"1\"",
                "{'input':[[1,2]],'label':[1e0]}                  | wrong_type    | #/label/0     | found the number 1e0",
                "{'input':[[1,2]],'label':[true]}                 | wrong_type    | #/label/0     | found a boolean",
                "{'input':[[1,2]],'label':[null]}                 | wrong_type    | #/label/0     | found null",
                "{'input':[[1,2]],'label':[[1]]}                  | wrong_type    | #/label/0     | found an array",
                "{'input':[[1,2]],'label':1}                      | wrong_type    | #/label       | I(label)",
                "{'input':[[1,2]],'label':'AQ=='}                 | wrong_type    | #/label       | is the string",
                "{'input':[[1,2]],'label':[2]}                    | out_of_range  | #/label/0     | label 2 is not in [0, 2): input has 2 classes",
                "{'input':[[1,2]],'label':[-1]}                   | out_of_range  | #/label/0     | label -1 is not in [0, 2)",
                "{'input':[[1,2]],'label':[4294967296]}           | out_of_range  | #/label/0     | label 4294967296 is not in [0, 2)",
                "{'input':[[1,2]],'label':[99999999999999999999]} | out_of_range  | #/label/0     | 99999999999999999999",
                "{'input':[[1,2]],'label':[0,1]}                  | wrong_shape   | #/label       | label has 2 numbers, but input has 1 row",
                "{'input':[[1,2]],'label':[]}                     | wrong_shape   | #/label       | label has 0 numbers, but input has 1 row",
                "{'input':[[1,2]]}                                | missing_field | #/label       | label is missing",
                "{'label':[1]}                                    | missing_field | #/input       | input is missing",
                "{'input':[1,2],'label':[1]}                      | wrong_shape   | #/input       | write a single sample as one row: [[…]]",
                "{'input':[[[1,2]],[[3,4]]],'label':[0,1]}        | wrong_shape   | #/input       | two dimensions, [N, C], but its rows hold arrays",
                "{'input':[[[],'a'],[1]],'label':[9,9]}           | wrong_shape   | #/input       | two dimensions",
                "{'input':[],'label':[]}                          | wrong_shape   | #/input       | no rows",
                "{'input':[[]],'label':[0]}                       | wrong_shape   | #/input/0     | is empty",
                "{'input':[[1,2],[3]],'label':[0,0]}              | wrong_shape   | #/input/1     | row 1 of input has 1 number, row 0 has 2 numbers",
                "{'input':[[1,2],null],'label':[0,0]}             | wrong_type    | #/input/1     | expected a row",
                "{'input':[{'0':1,'1':2}],'label':[0]}            | wrong_type    | #/input/0     | found an object (JavaScript writes typed arrays so",
                "{'input':[[1,2]],'label':{'0':0}}                | wrong_type    | #/label       | is an object (JavaScript writes typed arrays so",
                "{'input':[[1,2]],'label':[0],'p':{}}             | wrong_type    | #/p           | p must be an integer, but is an object",
                "{'input':[null,[1,2]],'label':[0,0]}             | wrong_type    | #/input/0     | expected a row",
                "{'input':[[1,2],3],'label':[0,0]}                | wrong_type    | #/input/1     | found the number 3",
                "{'input':[{'a':1},[1,2]],'label':[1,0]}          | wrong_type    | #/input/0     | expected a row",
                "{'input':[[1,'2']],'label':[0]}                  | wrong_type    | #/input/0/1   | found the string \"2\"",
                "{'input':[[1,'NaN']],'label':[0]}                | wrong_type    | #/input/0/1   | only finite numbers",
                "{'input':[[1,null]],'label':[0]}                 | wrong_type    | #/input/0/1   | JavaScript writes NaN",
                "{'input':[[1,true]],'label':[0]}                 | wrong_type    | #/input/0/1   | found a boolean",
                "{'input':[[1,[2]]],'label':[0]}                  | wrong_type    | #/input/0/1   | found an array",
                "{'input':[[1,{'a':[1]}]],'label':[0]}            | wrong_type    | #/input/0/1   | found an object",
                "{'input':'AAAAAAAA8D8=','label':[0]}             | wrong_type    | #/input       | must be an array of rows",
                "{'input':null,'label':[0]}                       | wrong_type    | #/input       | is null",
                "{'input':[[1,1e400]],'label':[0]}                | out_of_range  | #/input/0/1   | 1e400 is too large for float32",
                "{'input':[[1,1e39]],'label':[0]}                 | out_of_range  | #/input/0/1   | 3.4028235E38",
                "{'input':[[1,-1e309]],'label':[0],'dtype':'float64'} | out_of_range | #/input/0/1 | too large for float64",
                "{'input':[[1,2]],'label':[0],'p':1.7}            | wrong_type    | #/p           | p must be an integer, but is the number 1.7",
                "{'input':[[1,2]],'label':[0],'p':1.0}            | wrong_type    | #/p           | is the number 1.0",
                "{'input':[[1,2]],'label':[0],'p':''}             | wrong_type    | #/p           | is the string \"\"",
                "{'input':[[1,2]],'label':[0],'p':true}           | wrong_type    | #/p           | is a boolean",
                "{'input':[[1,2]],'label':[0],'p':null}           | wrong_type    | #/p           | is null",
                "{'input':[[1,2]],'label':[0],'p':0}              | out_of_range  | #/p           | p 0 is not in [1, 2147483647]",
                "{'input':[[1,2]],'label':[0],'p':2147483648}     | out_of_range  | #/p           | not in [1, 2147483647]",
                "{'input':[[1,2]],'label':[0],'margin':'1'}       | wrong_type    | #/margin      | must be a number",
                "{'input':[[1,2]],'label':[0],'margin':1e400}     | out_of_range  | #/margin      | too large",
                "{'input':[[1,2]],'label':[0],'weight':[1]}       | wrong_shape   | #/weight      | weight has 1 number, but input has 2 classes",
                "{'input':[[1,2]],'label':[0],'weight':1}         | wrong_type    | #/weight      | must be an array",
                "{'input':[[1,2]],'label':[0],'weight':[1,null]}  | wrong_type    | #/weight/1    | found null",
                "{'input':[[1,2]],'label':[0],'weight':[1,1e39]}  | out_of_range  | #/weight/1    | too large",
                "{'input':[[1,2]],'label':[0],'reduction':'avg'}  | out_of_range  | #/reduction   | \"none\", \"mean\", \"sum\"",
                "{'input':[[1,2]],'label':[0],'reduction':'MEAN'} | out_of_range  | #/reduction   | none of",
                "{'input':[[1,2]],'label':[0],'reduction':1}      | wrong_type    | #/reduction   | one of",
                "{'input':[[1,2]],'label':[0],'dtype':'float16'}  | out_of_range  | #/dtype       | \"float32\", \"float64\"",
                "{'input':[[1,2]],'label':[0],'convention':'torch'} | out_of_range | #/convention | \"pytorch\"",
                "{'input':[[1,2]],'label':[0],'return_gradient':'true'} | wrong_type | #/return_gradient | true or false",
                "{'input':[[1,2]],'label':[0],'return_weight_gradient':1} | wrong_type | #/return_weight_gradient | true or false",
                "{'input':[[1,2]],'label':[0],'name':1}           | wrong_type    | #/name        | must be a string",
                "{'input':[[1,2]],'label':[0],'grad_output':[1,2]} | wrong_shape  | #/grad_output | the loss of reduction mean is one number",
                "{'input':[[1,2]],'label':[0],'grad_output':1}    | wrong_type    | #/grad_output | must be an array",
                "{'input':[[1,2]],'label':[0],'grad_output':null} | wrong_type    | #/grad_output | is null",
                "{'input':[[1,2]],'label':[0],'grad_output':[1,2],'reduction':'none'} | wrong_shape | #/grad_output | has 1 number",
                "{'input':[[1,2]],'label':[0],'wieght':[1,1]}     | unknown_field | #/wieght      | did you mean weight?",
                "{'input':[[1,2]],'label':[0],'labels':[1]}       | unknown_field | #/labels      | did you mean label?",
                "{'input':[[1,2]],'label':[0],'x':1}              | unknown_field | #/x           | known are input, label, p",
                "{'input':[[1,2]],'label':[0],'zzzzzzzzzzz':1}    | unknown_field | #/zzzzzzzzzzz | known are input, label, p",
                "{'input':[[1,2]],'label':[0],'a/b~c é':1}        | unknown_field | #/a~1b~0c%20%C3%A9 | unknown field",
                "{'input':[[1,2]],'label':[0],'label':[0]}        | duplicate_field | #/label     | label stands more than once",
                "[[1,2]]                                          | wrong_type    | #             | the body must be an object",
                "3                                                | wrong_type    | #             | but is the number 3",
            })
    void oneFault(String body, String code, String pointer, String detail) {
        String expected = quotes(detail);
        ValidatableResponse response = post(quotes(body))
                .statusCode(422)
                .contentType(PROBLEM)
                .body("status", equalTo(422))
                .body("code", equalTo(code))
                .body("errors", hasSize(1))
                .body("errors_total", equalTo(1))
                .body("errors[0].code", equalTo(code))
                .body("errors[0].pointer", equalTo(pointer));
        assertThat(response.extract().jsonPath().getString("errors[0].detail")).contains(expected);
    }

    /** Text that RFC 8259 forbids: 400, and the byte at which that became certain. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'input':[[NaN]]}        | 11 | Python's json",
                "{'input':[[Infinity]]}   | 11 | Infinity is not JSON",
                "{'input':[[-Infinity]]}  | 11 | -Infinity is not JSON",
                "{'input':[[nan]]}        | 11 | nan is not JSON",
                "{'input':[[-nan]]}       | 11 | -nan is not JSON",
                "{'input':[[1,inf]]}      | 13 | inf is not JSON",
                "{'input':[[-inf,1]]}     | 11 | -inf is not JSON (Python's json",
                "{'input':[[infinity]]}   | 11 | infinity is not JSON",
                "{'margin':INF}           | 10 | INF is not JSON",
                "{'input':[[none]]}       | 12 | expected null, found 'o'",
                "{'input':[[-x]]}         | 12 | expected a digit, found 'x'",
                "{'input':[[1]],}         | 15 | ",
                "{'input':[[1]]           | 14 | ends in the middle",
                "{'input':[[01]]}         | 12 | ",
                "{'input':[[1.]]}         | 13 | ",
                "{'input':[[.5]]}         | 11 | ",
                "{'input':[[1,,2]]}       | 13 | ",
                "{'input':[[1}]]          | 12 | ",
                "{'a':1}x                 | 7  | ",
                "{'a':1} {'a':1}          | 8  | text follows the end",
                "{'a':'\\x'}              | 7  | ",
                "{'a':'\\ud800'}          | 5  | surrogate",
                "{'\\udc00x':1}           | 1  | surrogate",
                "{a:1}                    | 1  | ",
                "{'a':1/**/}              | 6  | ",
            })
    void malformed(String body, int offset, String detail) {
        post(quotes(body).strip())
                .statusCode(400)
                .contentType(PROBLEM)
                .body("code", equalTo("malformed_json"))
                .body("errors", hasSize(1))
                .body("errors[0].offset", equalTo(offset))
                .body("errors[0].detail", containsString(detail == null ? "" : detail));
    }

    @Test
    void emptyBody() {
        post("").statusCode(400).body("code", equalTo("malformed_json")).body("errors[0].offset", equalTo(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void onlyUtf8(String charset) {
        byte[] body = quotes("{" + GOOD + "}").getBytes(java.nio.charset.Charset.forName(charset));
        postBytes(body).statusCode(400).body("code", equalTo("malformed_json"));
    }

    @Test
    void byteOrderMark() {
        postBytes(quotes("\uFEFF{" + GOOD + "}").getBytes(StandardCharsets.UTF_8))
                .statusCode(400)
                .body("errors[0].offset", equalTo(0))
                .body("detail", containsString("byte order mark"));
    }

    /** In a string: an overlong slash, an encoded surrogate, a code point beyond Unicode, a lone continuation, a cut-off. */
    @ParameterizedTest
    @ValueSource(strings = {"c0af", "eda080", "f4908080", "80", "e282"})
    void notUtf8(String hex) {
        byte[] fault = java.util.HexFormat.of().parseHex(hex);
        byte[] head = "{\"name\":\"".getBytes(StandardCharsets.US_ASCII);
        byte[] tail = quotes("'," + GOOD + "}").getBytes(StandardCharsets.US_ASCII);
        byte[] body = new byte[head.length + fault.length + tail.length];
        System.arraycopy(head, 0, body, 0, head.length);
        System.arraycopy(fault, 0, body, head.length, fault.length);
        System.arraycopy(tail, 0, body, head.length + fault.length, tail.length);
        postBytes(body)
                .statusCode(400)
                .body("code", equalTo("malformed_json"))
                .body("errors[0].offset", equalTo(head.length));
    }

    @Test
    void allProblemsAtOnce() {
        String body = quotes("{'input':[[1,2],[3,'x'],[null]],'label':[7,0],'wieght':[1],'p':0,'margin':'m',"
                + "'weight':[1,2,3],'reduction':'?','dtype':'?','grad_output':[true]}");
        ValidatableResponse response = post(body).statusCode(422);
        List<String> places = response.extract().jsonPath().getList("errors.pointer");
        assertThat(places)
                .containsExactlyInAnyOrder(
                        "#/input/1/1",
                        "#/input/2/0",
                        "#/input/2",
                        "#/label/0",
                        "#/label",
                        "#/wieght",
                        "#/p",
                        "#/margin",
                        "#/weight",
                        "#/reduction",
                        "#/dtype",
                        "#/grad_output/0");
        response.body("errors_total", equalTo(12)).body("detail", containsString("12 problems"));
    }

    @Test
    void atMost32AreListedAndAllAreCounted() {
        String row = "[" + "null,".repeat(99) + "null]";
        post(quotes("{'input':[" + row + "],'label':[0]}"))
                .statusCode(422)
                .body("errors", hasSize(32))
                .body("errors_total", equalTo(100));
    }

    /** Ever new names are slow to read, and none but twelve have a meaning. */
    @Test
    void atMost1000DifferentNames() {
        post(members(998) + quotes("," + GOOD + "}"))
                .statusCode(422)
                .body("code", equalTo("unknown_field"))
                .body("errors", hasSize(32))
                .body("errors_total", equalTo(998));
        post(members(999) + quotes("," + GOOD + "}"))
                .statusCode(413)
                .body("code", equalTo("too_large"))
                .body(
                        "detail",
                        equalTo("the body has 1001 or more different names of members, and was read no further;"
                                + " the limit is 1000"));
        post("{\"x\":" + members(1000) + "}," + quotes(GOOD + "}")).statusCode(413);
        post("{\"x\":[" + "{\"y\":1},".repeat(2000) + "1]," + quotes(GOOD + "}"))
                .statusCode(422)
                .body("errors_total", equalTo(1));
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"n" + i + "\":1").collect(Collectors.joining(",", "{", ""));
    }

    @Test
    void longInputIsNotEchoed() {
        String text = "q".repeat(5000);
        String answer = post(quotes(
                        "{'input':[['" + text + "']],'label':[0],'" + text + "':1,'reduction':'" + text + "'}"))
                .statusCode(422)
                .body("errors", hasSize(3))
                .extract()
                .asString();
        assertThat(answer).hasSizeLessThan(1500);
    }

    @Test
    void nameHasAtMost128Characters() {
        String characters = "\uD83D\uDE00".repeat(128);
        post(quotes("{" + GOOD + ",'name':'" + characters + "'}"))
                .statusCode(200)
                .body("name", equalTo(characters));
        post(quotes("{" + GOOD + ",'name':'" + characters + "x'}"))
                .statusCode(422)
                .body("code", equalTo("out_of_range"))
                .body("errors[0].pointer", equalTo("#/name"))
                .body("detail", containsString("129 characters, 128 are allowed"));
    }

    private static ValidatableResponse postBytes(byte[] body) {
        return io.restassured.RestAssured.given()
                .header("Content-Type", "application/json")
                .body(body)
                .post(ROUTE)
                .then();
    }
}
