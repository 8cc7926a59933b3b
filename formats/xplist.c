/* A property list as XML, with a TAB for each level, as Apple's own writer has it. */
#include "bplist.h"
#include "number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define EPOCH_2001 INT64_C(978307200)

static void indent(hf_format_writer *writer, unsigned depth)
{
    while (depth-- > 0)
        hf__writer_puts(writer, "\t");
}

static void put_line(hf_format_writer *writer, unsigned depth, const char *text)
{
    indent(writer, depth);
    hf__writer_puts(writer, text);
    hf__writer_puts(writer, "\n");
}

void hf__xplist_begin(hf_format_writer *writer)
{
    hf__writer_puts(writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                            "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                            "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n");
}

void hf__xplist_end(hf_format_writer *writer)
{
    hf__writer_puts(writer, "</plist>\n");
}

void hf__xplist_open(hf_format_writer *writer, unsigned depth)
{
    put_line(writer, depth, "<dict>");
}

void hf__xplist_close(hf_format_writer *writer, unsigned depth)
{
    put_line(writer, depth, "</dict>");
}

static void put_text(hf_format_writer *writer, unsigned depth, const char *element, const char *text)
{
    indent(writer, depth);
    hf__writer_puts(writer, "<");
    hf__writer_puts(writer, element);
    hf__writer_puts(writer, ">");
    while (*text != '\0') {
        size_t plain = strcspn(text, "<>&");
        hf__writer_put(writer, text, plain);
        text += plain;
        if (*text != '\0')
            hf__writer_puts(writer, *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : "&amp;");
        text += *text != '\0';
    }
    hf__writer_puts(writer, "</");
    hf__writer_puts(writer, element);
    hf__writer_puts(writer, ">\n");
}

void hf__xplist_key(hf_format_writer *writer, unsigned depth, const char *name)
{
    put_text(writer, depth, "key", name);
}

/* The shortest that is read as the same number again. */
void hf__xplist_real(hf_format_writer *writer, unsigned depth, double value)
{
    char text[64];

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (isnan(value) || strtod(text, NULL) == value)
            break;
    }
    put_text(writer, depth, "real", text);
}

void hf__xplist_bool(hf_format_writer *writer, unsigned depth, bool value)
{
    put_line(writer, depth, value ? "<true/>" : "<false/>");
}

static void put_integer(hf_format_writer *writer, unsigned depth, plist_t node)
{
    char text[32];
    uint64_t whole = 0;

    if (plist_get_node_type(node) == PLIST_UID)
        plist_get_uid_val(node, &whole);
    else
        plist_get_uint_val(node, &whole);
    if (whole > (uint64_t)1 << 63)
        snprintf(text, sizeof text, "-%llu", 0 - (unsigned long long)whole);
    else
        snprintf(text, sizeof text, "%llu", (unsigned long long)whole);
    put_text(writer, depth, "integer", text);
}

static void put_uid(hf_format_writer *writer, unsigned depth, plist_t node)
{
    hf__xplist_open(writer, depth);
    hf__xplist_key(writer, depth + 1, "CF$UID");
    put_integer(writer, depth + 1, node);
    hf__xplist_close(writer, depth);
}

static void put_string(hf_format_writer *writer, unsigned depth, plist_t node)
{
    char *text = NULL;

    plist_get_string_val(node, &text);
    put_text(writer, depth, "string", text != NULL ? text : "");
    free(text);
}

static void put_date(hf_format_writer *writer, unsigned depth, plist_t node)
{
    int32_t seconds = 0, microseconds = 0;
    char text[64];

    plist_get_date_val(node, &seconds, &microseconds);
    hf__date date = hf__date_of(EPOCH_2001 + seconds);
    snprintf(text, sizeof text, "%04lld-%02d-%02dT%02d:%02d:%02dZ", (long long)date.year, date.month, date.day,
             date.hour, date.minute, date.second);
    put_text(writer, depth, "date", text);
}

static void put_data(hf_format_writer *writer, unsigned depth, plist_t node)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *octets = NULL, quad[4];
    uint64_t length = 0;

    plist_get_data_val(node, &octets, &length);
    indent(writer, depth);
    hf__writer_puts(writer, "<data>");
    for (uint64_t at = 0; at < length; at += 3) {
        uint32_t word = 0;
        for (uint64_t i = 0; i < 3; i++)
            word = word << 8 | (at + i < length ? (unsigned char)octets[at + i] : 0);
        for (size_t i = 0; i < 4; i++)
            quad[i] = at + i > length ? '=' : digits[word >> (18 - 6 * i) & 63];
        hf__writer_put(writer, quad, sizeof quad);
    }
    hf__writer_puts(writer, "</data>\n");
    free(octets);
}

static void put_dict(hf_format_writer *writer, unsigned depth, plist_t node)
{
    plist_dict_iter at = NULL;
    plist_t value = NULL;
    char *name = NULL;

    hf__xplist_open(writer, depth);
    plist_dict_new_iter(node, &at);
    for (plist_dict_next_item(node, at, &name, &value); value != NULL; plist_dict_next_item(node, at, &name, &value)) {
        hf__xplist_key(writer, depth + 1, name);
        hf__xplist_node(writer, depth + 1, value);
        free(name);
        name = NULL;
        value = NULL;
    }
    free(at);
    hf__xplist_close(writer, depth);
}

static void put_array(hf_format_writer *writer, unsigned depth, plist_t node)
{
    plist_array_iter at = NULL;
    plist_t value = NULL;

    put_line(writer, depth, "<array>");
    plist_array_new_iter(node, &at);
    for (plist_array_next_item(node, at, &value); value != NULL; plist_array_next_item(node, at, &value)) {
        hf__xplist_node(writer, depth + 1, value);
        value = NULL;
    }
    free(at);
    put_line(writer, depth, "</array>");
}

void hf__xplist_node(hf_format_writer *writer, unsigned depth, plist_t node)
{
    uint8_t flag = 0;
    double real = 0;

    switch (plist_get_node_type(node)) {
    case PLIST_BOOLEAN:
        plist_get_bool_val(node, &flag);
        hf__xplist_bool(writer, depth, flag != 0);
        break;
    case PLIST_UINT:
        put_integer(writer, depth, node);
        break;
    case PLIST_REAL:
        plist_get_real_val(node, &real);
        hf__xplist_real(writer, depth, real);
        break;
    case PLIST_DATE:
        put_date(writer, depth, node);
        break;
    case PLIST_DATA:
        put_data(writer, depth, node);
        break;
    case PLIST_UID:
        put_uid(writer, depth, node);
        break;
    case PLIST_ARRAY:
        put_array(writer, depth, node);
        break;
    case PLIST_DICT:
        put_dict(writer, depth, node);
        break;
    default:
        put_string(writer, depth, node);
    }
}
