/* The messages of a zone transfer, each with its length in front: whatever they hold, each record is below the zone,
 * and an error says why there is none. */
#include "dns/transfer.h"

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
    size_t length = strlen(owner);

    (void)type;
    ++*(size_t *)self;
    check(length >= 6 && strcmp(owner + length - 6, "a.test") == 0 && (length == 6 || owner[length - 7] == '.'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char query[DNS_TRANSFER_QUERY_MAX];
    dns_transfer transfer;
    base_error error = {""};
    size_t count = 0;

    dns_transfer_begin(&transfer, "a.test", 0x1234);
    check(dns_transfer_query(&transfer, query) == 24);
    while (size >= 2 && !transfer.over) {
        size_t length = (size_t)data[0] << 8 | data[1];

        if (length > size - 2)
            length = size - 2;
        if (!dns_transfer_read(&transfer, data + 2, length, on_record, &count, &error)) {
            check(*error.text != '\0');
            break;
        }
        check(transfer.begun);
        data += 2 + length;
        size -= 2 + length;
    }
    check(count <= transfer.records);
    return 0;
}
