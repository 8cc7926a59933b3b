/* The lab's DNS server: a hostile query is answered within the bounds or not at all, and what is answered can be read.
 * The input is a query, or, behind a first octet of '\n', lines of a zone. */
#include "base/memory.h"
#include "dns/records.h"
#include "serve/zone.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned char reply[SERVE_ZONE_REPLY_MAX];

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_reply(const serve_zone *zone, const uint8_t *query, size_t size, bool datagram)
{
    size_t length = serve_zone_reply(zone, query, size, datagram, reply);
    dns_message asked, answered;
    dns_record record;
    bool malformed = false;

    if (length == 0)
        return;
    check(length <= (datagram ? 1232 : SERVE_ZONE_REPLY_MAX));
    check(dns_message_open(query, size, &asked) && dns_message_open(reply, length, &answered));
    check(asked.id == answered.id && asked.type == answered.type && strcmp(asked.name, answered.name) == 0);
    while (dns_message_next(&answered, &record, &malformed))
        ;
    check(!malformed && answered.at == length);
}

static void add_lines(serve_zone *zone, const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    base_error error;

    check(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
        serve_zone_add(zone, "a.test", line, &error);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t query[] = "\0\1\1\0\0\1\0\0\0\0\0\0\1a\4test\0\0\x41\0\1";
    static const char *const rows[][2] = {
        {"a.test", "A 192.0.2.1"},      {"b.test", "CNAME a.test"}, {"c.test", "CNAME c.test"},
        {"d.test", "HTTPS 1 . port=1"}, {"e.test", "TRUNCATED A"},  {"f.test", "SILENT CAA"},
    };
    serve_zone *zone = serve_zone_new("test");
    base_error error;

    if (size > 0 && data[0] == '\n') {
        add_lines(zone, data + 1, size - 1);
        check_reply(zone, query, sizeof query - 1, false);
        check_reply(zone, query, sizeof query - 1, true);
    } else {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            check(serve_zone_add(zone, rows[i][0], rows[i][1], &error));
        check_reply(zone, data, size, true);
        check_reply(zone, data, size, false);
    }
    serve_zone_free(zone);
    return 0;
}
