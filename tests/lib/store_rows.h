/* Rows in short, for the tests of the formats: "example.com+@1795170300.5 -> set". */
#ifndef TESTS_STORE_ROWS_H
#define TESTS_STORE_ROWS_H

#include <holdfast/formats.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define SUMMARY_MAX 8192

typedef struct summary {
    char text[SUMMARY_MAX];
    size_t length, rows, damaged;
} summary;

static inline void summary_add(summary *s, const char *text)
{
    s->length +=
        (size_t)snprintf(s->text + s->length, SUMMARY_MAX - s->length, "%s%s", s->length > 0 ? "; " : "", text);
    if (s->length >= SUMMARY_MAX)
        abort();
}

static inline const char *summary_time(hf_moment moment, char out[64])
{
    int length;

    if (moment.seconds == HF_TIME_NEVER)
        return "never";
    if (moment.seconds == HF_TIME_UNKNOWN)
        return "unknown";
    length = snprintf(out, 64, "%" PRId64 ".%09d", moment.seconds, (int)moment.nanoseconds);
    while (out[length - 1] == '0' || out[length - 1] == '.') {
        bool point = out[length - 1] == '.';
        out[--length] = '\0';
        if (point)
            break;
    }
    return out;
}

/* HOST[^PARTITION][:PORT][+] until EXPIRES [STATE] */
static inline bool summary_row(void *self, const hf_row *row)
{
    summary *s = self;
    char text[2048], time[64], port[16] = "";
    hf_span name = row->host.length > 0 ? row->host : row->host_hash;

    s->rows++;
    if (row->port != 0)
        snprintf(port, sizeof port, ":%u", row->port);
    snprintf(text, sizeof text, "%.*s%.*s%s%s until %s%s%s", (int)name.length, name.data, (int)row->partition.length,
             row->partition.data, port, row->include_subdomains ? "+" : "", summary_time(row->expires, time),
             row->state != HF_ROW_SET ? " " : "", row->state != HF_ROW_SET ? hf_row_state_name(row->state) : "");
    summary_add(s, text);
    return true;
}

/* !OFFSET[/LINE] REASON */
static inline void summary_damage(void *self, const hf_row_damage *damage)
{
    summary *s = self;
    char text[512], place[64] = "";

    s->damaged++;
    if (damage->offset != HF_OFFSET_NONE)
        snprintf(place, sizeof place, "%" PRIu64, damage->offset);
    if (damage->line != 0)
        snprintf(place + strlen(place), sizeof place - strlen(place), "/%" PRIu64, damage->line);
    snprintf(text, sizeof text, "!%s %s", place, damage->reason);
    summary_add(s, text);
}

static inline hf_status summarise(const char *format, hf_span octets, const hf_format_options *options, summary *s)
{
    hf_input input = hf_input_from(&octets);
    hf_row_visitor visitor = {summary_row, summary_damage, s};

    *s = (summary){.length = 0};
    return hf_format_read(hf_format_find(format), &input, options, &visitor);
}

#endif
