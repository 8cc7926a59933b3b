/* An answer of the DNS: whatever comes is read within its bounds, names keep their form, and what it holds is read further. */
#include "base/memory.h"
#include "net/dns_records.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_name(const char *name)
{
    size_t length = strlen(name);

    check(length > 0 && length < NET_DNS_TEXT_MAX);
    check(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_*/\\.") == length);
}

static void check_answer(const net_dns_answer *answer, base_arena *arena)
{
    check(answer->alias_count <= NET_DNS_ALIASES_MAX && answer->count <= NET_DNS_RECORDS_MAX);
    check((answer->status == NET_DNS_STATUS_ANSWERED) <= (answer->count > 0));
    check(answer->status != NET_DNS_STATUS_MALFORMED || (answer->count == 0 && answer->alias_count == 0));
    for (size_t i = 0; i < answer->alias_count; i++) {
        check_name(answer->aliases[i].to);
        check(i == 0 || answer->aliases[i].from == answer->aliases[i - 1].to);
        check(answer->ttl <= answer->aliases[i].ttl);
    }
    for (size_t i = 0; i < answer->count; i++) {
        net_address address;
        net_svcb svcb;
        net_caa caa;

        check(answer->ttl <= answer->values[i].ttl);
        net_dns_address(answer->values[i].data, 443, &address);
        if (net_caa_read(answer->values[i].data, &caa))
            check(caa.tag.length > 0 && 2 + caa.tag.length + caa.value.length == answer->values[i].data.length);
        net_svcb_read(answer->values[i].data, arena, &svcb);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const net_dns_type types[] = {NET_DNS_A, NET_DNS_AAAA, NET_DNS_CAA, NET_DNS_HTTPS};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        base_arena arena = {0};
        net_dns_answer answer;

        net_dns_answer_read(data, size, types[i], &arena, &answer);
        check_answer(&answer, &arena);
        base_arena_done(&arena);
    }
    return 0;
}
