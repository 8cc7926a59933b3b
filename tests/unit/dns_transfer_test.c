/* Zone transfers, message by message. */
#include "dns/transfer.h"
#include "dns/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ANSWER (DNS_FLAG_RESPONSE | DNS_FLAG_AUTHORITATIVE)

typedef struct message {
    unsigned char bytes[1024];
    dns_wire wire;
} message;

static char out[512];

static void on_record(void *self, const char *owner, unsigned type)
{
    (void)self;
    snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s:%u", *out != '\0' ? " " : "", owner, type);
}

static void begin(message *m, unsigned flags, const char *question)
{
    m->wire = (dns_wire){.bytes = m->bytes, .room = sizeof m->bytes};
    dns_put_u16(&m->wire, 7);
    dns_put_u16(&m->wire, flags);
    dns_put_u16(&m->wire, question != NULL);
    dns_put_u16(&m->wire, 0);
    dns_put_u32(&m->wire, 0);
    if (question == NULL)
        return;
    dns_put_name(&m->wire, question);
    dns_put_u16(&m->wire, DNS_AXFR);
    dns_put_u16(&m->wire, DNS_CLASS_IN);
}

static void put(message *m, const char *owner, dns_type type)
{
    m->bytes[7]++;
    dns_put_name(&m->wire, owner);
    dns_put_u16(&m->wire, type);
    dns_put_u16(&m->wire, DNS_CLASS_IN);
    dns_put_u32(&m->wire, 60);
    dns_put_u16(&m->wire, 0);
}

/* The records of the message, or what is wrong. */
static const char *read_it(dns_transfer *transfer, const message *m)
{
    static base_error error;

    out[0] = '\0';
    return dns_transfer_read(transfer, m->bytes, m->wire.length, on_record, NULL, &error) ? out : error.text;
}

static void test_whole(void **state)
{
    dns_transfer transfer;
    message m;

    (void)state;
    dns_transfer_begin(&transfer, "a.test", 7);
    begin(&m, ANSWER, "a.test");
    put(&m, "a.test", DNS_SOA);
    put(&m, "www.a.test", DNS_A);
    put(&m, "b.test", DNS_A);
    assert_string_equal(read_it(&transfer, &m), "a.test:6 www.a.test:1");
    assert_false(transfer.over);
    /* The next message may do without the question; what follows the SOA is no part of the zone. */
    begin(&m, ANSWER, NULL);
    put(&m, "x.a.test", DNS_CNAME);
    put(&m, "a.test", DNS_SOA);
    put(&m, "y.a.test", DNS_A);
    assert_string_equal(read_it(&transfer, &m), "x.a.test:5");
    assert_true(transfer.over);
}

static void test_refused(void **state)
{
    dns_transfer transfer;
    message m;

    (void)state;
    dns_transfer_begin(&transfer, "a.test", 7);
    begin(&m, ANSWER | DNS_RCODE_REFUSED, "a.test");
    assert_string_equal(read_it(&transfer, &m), "the server refuses to transfer a.test");
    assert_int_equal(transfer.code, DNS_RCODE_REFUSED);
    dns_transfer_begin(&transfer, "a.test", 7);
    begin(&m, ANSWER | 9, NULL);
    assert_non_null(strstr(read_it(&transfer, &m), "not authoritative for a.test"));
    dns_transfer_begin(&transfer, "a.test", 7);
    begin(&m, ANSWER, "a.test");
    assert_string_equal(read_it(&transfer, &m), "the answer has no records");
    put(&m, "www.a.test", DNS_A);
    assert_string_equal(read_it(&transfer, &m), "the answer does not begin with the SOA record of a.test");
    begin(&m, 0, "a.test");
    put(&m, "a.test", DNS_SOA);
    assert_string_equal(read_it(&transfer, &m), "the answer is not one to this question");
    begin(&m, ANSWER, "b.test");
    assert_string_equal(read_it(&transfer, &m), "the answer is not one to this question");
    dns_transfer_begin(&transfer, "a.test", 8);
    begin(&m, ANSWER, "a.test");
    put(&m, "a.test", DNS_SOA);
    assert_string_equal(read_it(&transfer, &m), "the answer is not one to this question");
    dns_transfer_begin(&transfer, "a.test", 7);
    m.bytes[7] = 3;
    assert_string_equal(read_it(&transfer, &m), "the answer is malformed");
    m.wire.length = 5;
    assert_string_equal(read_it(&transfer, &m), "the answer is not one to this question");
}

static void test_query(void **state)
{
    unsigned char query[DNS_TRANSFER_QUERY_MAX];
    dns_transfer transfer;
    dns_message m;

    (void)state;
    dns_transfer_begin(&transfer, "a.test", 0x10007);
    assert_true(dns_message_open(query, dns_transfer_query(&transfer, query), &m));
    assert_int_equal(m.id, 7);
    assert_int_equal(m.type, DNS_AXFR);
    assert_string_equal(m.name, "a.test");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_query),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
