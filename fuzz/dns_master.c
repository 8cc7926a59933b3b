/* A zone file: whatever it holds, each record has an owner that is a name, and an error says why there is none. */
#include "dns/master.h"
#include "dns/wire.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void on_record(void *self, const char *owner, unsigned type)
{
    unsigned char bytes[255];
    dns_wire wire = {.bytes = bytes, .room = sizeof bytes};
    char text[DNS_TEXT_MAX];
    size_t at = 0;

    ++*(size_t *)self;
    check(type <= 65);
    dns_put_name(&wire, owner);
    check(!wire.failed && dns_name(bytes, wire.length, &at, text) && strcmp(text, owner) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hf_span rest = {(const char *)data, size};
    size_t lines = 0, count = 0;
    dns_master master;
    base_error error = {""};

    check(dns_master_begin(&master, size % 2 == 0 ? "a.test" : NULL));
    while (rest.length > 0) {
        const char *end = memchr(rest.data, '\n', rest.length);
        hf_span line = {rest.data, end != NULL ? (size_t)(end - rest.data) : rest.length};

        lines++;
        if (!dns_master_line(&master, line, on_record, &count, &error)) {
            check(*error.text != '\0');
            break;
        }
        rest = (hf_span){rest.data + line.length + (end != NULL), rest.length - line.length - (end != NULL)};
    }
    check(count <= lines);
    if (!dns_master_end(&master, &error))
        check(*error.text != '\0');
    return 0;
}
