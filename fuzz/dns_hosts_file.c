/* A hosts file: whatever it holds, a line behind it is found, and nothing outside of it is read. */
#include "dns/hosts_file.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    io_address addresses[ROOM];
    base_buffer text;
    size_t count;

    base_buffer_init(&text, size + 64);
    base_buffer_append(&text, (const char *)data, size);
    check(dns_hosts_file_find(&text, "localhost", 443, addresses, ROOM) <= ROOM);
    base_buffer_text(&text, "\n192.0.2.7 x.test");
    count = dns_hosts_file_find(&text, "x.test", 443, addresses, ROOM);
    check(count >= 1 && count <= ROOM);
    base_buffer_done(&text);
    return 0;
}
