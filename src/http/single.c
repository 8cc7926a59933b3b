#include "http/single.h"

#include "http/list.h"

#include <string.h>

/* What is taken for a value: the whole field, each element of a list, or each that is not within quotes. */
typedef enum single_form { WHOLE, LIST, QUOTED_LIST } single_form;

static const struct {
    const char *name;
    single_form forms[HTTP_READERS];
    http_head_result result;
} singles[] = {
    {"content-length", {QUOTED_LIST, LIST}, HTTP_HEAD_SEVERAL_LENGTHS},
    {"content-disposition", {QUOTED_LIST, WHOLE}, HTTP_HEAD_SEVERAL_CONTENTS},
    {"location", {WHOLE, WHOLE}, HTTP_HEAD_SEVERAL_LOCATIONS},
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n'; /* where a line was folded */
}

static hf_span trim(hf_span span)
{
    while (span.length > 0 && is_blank(span.data[0]))
        span.data++, span.length--;
    while (span.length > 0 && is_blank(span.data[span.length - 1]))
        span.length--;
    return span;
}

/* The comma at which the value ends; NULL: it goes to the end. */
static const char *find_comma(hf_span rest, single_form form)
{
    bool quoted = false;

    for (size_t i = 0; form != WHOLE && i < rest.length; i++) {
        if (form == QUOTED_LIST && rest.data[i] == '"')
            quoted = !quoted;
        else if (quoted && rest.data[i] == '\\')
            i++;
        else if (!quoted && rest.data[i] == ',')
            return rest.data + i;
    }
    return NULL;
}

/* The next value, which may be empty. False: there is none left. */
static bool take(hf_span *rest, single_form form, hf_span *value)
{
    const char *comma = rest->data != NULL ? find_comma(*rest, form) : NULL;

    if (rest->data == NULL)
        return false;
    *value = trim((hf_span){rest->data, comma != NULL ? (size_t)(comma - rest->data) : rest->length});
    *rest = comma != NULL ? (hf_span){comma + 1, rest->length - (size_t)(comma + 1 - rest->data)} : (hf_span){NULL, 0};
    return true;
}

/* True if `value` is another than the first one, which it may be. */
static bool is_other(hf_span value, hf_span *first)
{
    if (first->data == NULL)
        *first = value;
    return value.length != first->length || memcmp(value.data, first->data, value.length) != 0;
}

static bool differs(const hf_field *fields, size_t count, const char *name, single_form form)
{
    hf_span first = {NULL, 0}, value;

    for (size_t i = 0; i < count; i++) {
        hf_span rest = fields[i].value;

        while (http_field_is(&fields[i], name) && take(&rest, form, &value))
            if (is_other(value, &first))
                return true;
    }
    return false;
}

/* HttpStreamParser::ParseResponseHeaders: "Check for multiple Content-Length headers when the response is not
 * chunked-encoded." */
static bool is_chunked(http_reader reader, int minor, const hf_field *fields, size_t count)
{
    return reader == HTTP_READER_CHROMIUM && minor >= 1 && http_list_has(fields, count, "transfer-encoding", "chunked");
}

http_head_result http_single_check(http_reader reader, int minor, const hf_field *fields, size_t count)
{
    bool framed =
        (minor == HTTP_SINGLE_FRAMED && reader == HTTP_READER_CHROMIUM) || is_chunked(reader, minor, fields, count);

    for (size_t i = framed; i < sizeof singles / sizeof *singles; i++)
        if (differs(fields, count, singles[i].name, singles[i].forms[reader]))
            return singles[i].result;
    return HTTP_HEAD_DONE;
}
