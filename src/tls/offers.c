#include "tls/offers.h"

#define CODES(list) ((tls_codes){list, sizeof(list) / sizeof *(list)})

/* Measured: Chromium 156. */
static const uint16_t browser_suites[] = {0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9,
                                          0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035};
static const uint16_t browser_groups[] = {0x11ec, 0x001d, 0x0017, 0x0018};
static const uint16_t browser_signatures[] = {0x0904, 0x0905, 0x0906, 0x0403, 0x0804, 0x0401,
                                              0x0503, 0x0805, 0x0501, 0x0806, 0x0601};
static const uint16_t browser_versions[] = {TLS_1_3, TLS_1_2};

tls_hello tls_offer_of_browser(const char *host, bool small)
{
    tls_hello hello = {.host = host,
                       .version = TLS_1_2,
                       .versions = CODES(browser_versions),
                       .suites = CODES(browser_suites),
                       .groups = CODES(browser_groups),
                       .signatures = CODES(browser_signatures),
                       .as_browser = true,
                       .small = small};

    if (small) {
        hello.groups.items++;
        hello.groups.count--;
    }
    return hello;
}
