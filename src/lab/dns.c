#include "lab/dns.h"

#include "lab/hosts.h"

#include <string.h>

#define LINE_MAX 256
#define HERE "A 127.0.0.1"

/* A name and what the DNS says of it, in lines as serve/zone.h has them; "": the name does not exist. Of every other
 * host it says HERE. */
static const struct {
    const char *name, *lines;
} rows[] = {
    {"addresses.lab.test", "A 127.0.0.1\nA 127.0.0.2\nAAAA ::1"},
    {"alias.lab.test", "CNAME good.lab.test"},
    {"dangling.lab.test", "CNAME gone.lab.test"},
    {"unknown.lab.test", ""},
    {"half.lab.test", HERE "\nSERVFAIL AAAA"},
    {"truncated.lab.test", HERE "\nTRUNCATED"},
    {"caa.lab.test", HERE "\nCAA 0 issue ca.test\nCAA 0 iodef mailto:security@lab.test"},
    {"caa-forbids.lab.test", HERE "\nCAA 0 issue ;"},
    {"caa-critical.lab.test", HERE "\nCAA 0 issue ca.test\nCAA 128 tbs unknown"},
    {"caa-failed.lab.test", HERE "\nSERVFAIL CAA"},
    {"record.lab.test", HERE "\nHTTPS 1 . alpn=h2 ipv4hint=127.0.0.1 ech=0000"},
    {"record-alias.lab.test", HERE "\nHTTPS 0 good.lab.test"},
    {"record-closed.lab.test", HERE "\nHTTPS 1 . alpn=h2"},
    {"record-expired.lab.test", HERE "\nHTTPS 1 . alpn=h2"},
    {"record-malformed.lab.test", HERE "\nHTTPS \\# 00010000030001"},
    {"record-port.lab.test", HERE "\nHTTPS 1 . port=8443"},
    {"record-address.lab.test", HERE "\nHTTPS 1 . ipv4hint=192.0.2.1"},
    {"record-refused.lab.test", HERE "\nREFUSED HTTPS"},
    {"record-silent.lab.test", HERE "\nSILENT HTTPS"},
};

static const char *lines_of(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].lines;
    return HERE;
}

static bool add_lines(serve_zone *zone, const char *name, const char *text, base_error *error)
{
    char line[LINE_MAX];

    while (*text != '\0') {
        size_t length = strcspn(text, "\n");

        snprintf(line, sizeof line, "%.*s", (int)length, text);
        if (!serve_zone_add(zone, name, line, error)) {
            base_error_wrap(error, "%s", name);
            return false;
        }
        text += length + (text[length] == '\n');
    }
    return true;
}

serve_zone *lab_dns_zone(base_error *error)
{
    serve_zone *zone = serve_zone_new("test");

    for (size_t i = 0; i < lab_recipe_count; i++)
        if (!add_lines(zone, lab_recipes[i].name, lines_of(lab_recipes[i].name), error)) {
            serve_zone_free(zone);
            return NULL;
        }
    return zone;
}
