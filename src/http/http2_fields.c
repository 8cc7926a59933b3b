#include "http/http2_fields.h"

#include <stdio.h>
#include <string.h>

#define FIELD_OVERHEAD 32
#define STATUS_MAX 2147483647

static void refuse(http2_head *head, http_reader reader, facts_code code)
{
    if (head->refused[reader] == FACTS_FAILURE_NONE)
        head->refused[reader] = code;
}

static void refuse_in_both(http2_head *head, facts_code code)
{
    for (http_reader reader = 0; reader < HTTP_READERS; reader++)
        refuse(head, reader, code);
}

static bool is(hf_span text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.data, word, text.length) == 0;
}

/* -- Names and values ---------------------------------------------------------------------------------------------- */

/* RFC 9113 8.2: "Field names MUST be converted to lowercase when constructing an HTTP/2 message." */
static bool is_name(hf_span name)
{
    for (size_t i = 0; i < name.length; i++)
        if (!http_head_is_token(name.data[i]) || (name.data[i] >= 'A' && name.data[i] <= 'Z'))
            return false;
    return name.length > 0;
}

/* Chromium minds all controls but the tab; Firefox what could end a line of HTTP/1.1, or a string. */
static bool is_bad(http_reader reader, char c)
{
    unsigned char octet = (unsigned char)c;

    if (reader == HTTP_READER_FIREFOX)
        return c == '\0' || c == '\r' || c == '\n';
    return (octet < ' ' && c != '\t') || octet == 0x7f;
}

static void check_value(http2_head *head, hf_span value)
{
    for (http_reader reader = 0; reader < HTTP_READERS; reader++)
        for (size_t i = 0; i < value.length; i++)
            if (is_bad(reader, value.data[i]))
                refuse(head, reader, FACTS_FAILURE_HTTP2_BAD_FIELD);
}

/* -- :status ------------------------------------------------------------------------------------------------------- */

/* Digits alone, as a number; -1: there is something else. */
static int64_t read_digits(const char *digits, size_t length)
{
    int64_t number = 0;

    for (size_t i = 0; i < length; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return -1;
        if (number <= STATUS_MAX)
            number = number * 10 + (digits[i] - '0');
    }
    return length > 0 && number <= STATUS_MAX ? number : -1;
}

/* A number, with or without a sign; but then the line that it is put into has no digits where they should begin, which
 * means 200. */
static void status_of_chromium(http2_head *head, hf_span value)
{
    bool sign = value.length > 0 && (value.data[0] == '+' || value.data[0] == '-');
    int64_t number = read_digits(value.data + sign, value.length - sign);

    head->status[HTTP_READER_CHROMIUM] = sign ? 200 : (int)number;
    if (number < 0)
        refuse(head, HTTP_READER_CHROMIUM, FACTS_FAILURE_HTTP2_BAD_STATUS);
}

/* A number as it is usually written, of three digits at most; of several the last one counts. */
static void status_of_firefox(http2_head *head, hf_span value)
{
    int64_t number = read_digits(value.data, value.length);
    char usual[16];

    head->status[HTTP_READER_FIREFOX] = (int)number;
    snprintf(usual, sizeof usual, "%d", (int)number);
    if (number < 0 || number > 999 || !is(value, usual))
        refuse(head, HTTP_READER_FIREFOX, FACTS_FAILURE_HTTP2_BAD_STATUS);
}

/* -- Pseudo-fields ------------------------------------------------------------------------------------------------- */

/* RFC 9113 8.3: they come first, and none but :status is defined for responses. Chromium lets any others be. */
static void take_pseudo(http2_head *head, hf_span name, hf_span value)
{
    bool status = is(name, ":status");

    if (head->regular || !is_name((hf_span){name.data + 1, name.length - 1}))
        refuse_in_both(head, FACTS_FAILURE_HTTP2_BAD_FIELD);
    check_value(head, value);
    if (!status) {
        refuse(head, HTTP_READER_FIREFOX, FACTS_FAILURE_HTTP2_BAD_FIELD);
        return;
    }
    if (head->has_status)
        refuse(head, HTTP_READER_CHROMIUM, FACTS_FAILURE_HTTP2_BAD_FIELD);
    head->has_status = true;
    status_of_chromium(head, value);
    status_of_firefox(head, value);
}

bool http2_head_field(http2_head *head, hf_span name, hf_span value)
{
    head->octets += name.length + value.length + FIELD_OVERHEAD;
    if (head->octets > HTTP2_CHROMIUM_MAX)
        refuse(head, HTTP_READER_CHROMIUM, FACTS_FAILURE_RESPONSE_TOO_LONG);
    if (name.length > 0 && name.data[0] == ':') {
        take_pseudo(head, name, value);
        return false;
    }
    head->regular = true;
    if (!is_name(name))
        refuse_in_both(head, FACTS_FAILURE_HTTP2_BAD_FIELD);
    check_value(head, value);
    if (is(name, "transfer-encoding"))
        refuse(head, HTTP_READER_CHROMIUM, FACTS_FAILURE_HTTP2_BAD_FIELD);
    return true;
}

/* RFC 9113 8.6: HTTP/2 "removes support for the 101 (Switching Protocols) informational status code". */
void http2_head_end(http2_head *head)
{
    if (!head->has_status)
        refuse_in_both(head, FACTS_FAILURE_HTTP2_BAD_STATUS);
    for (http_reader reader = 0; reader < HTTP_READERS; reader++)
        if (head->status[reader] == 101)
            refuse(head, reader, FACTS_FAILURE_HTTP2_BAD_STATUS);
}
