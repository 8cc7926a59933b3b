#include "browsers/offers.h"

#include <string.h>

#define TLS13_GCM_FIRST "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
#define STATIC_RSA                                                                                                     \
    "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384", "TLS_RSA_WITH_AES_128_CBC_SHA",              \
        "TLS_RSA_WITH_AES_256_CBC_SHA"

static const char *const chromium_suites[] = {TLS13_GCM_FIRST,
                                              "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                                              "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                                              "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                                              "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                                              "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                                              "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                                              "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                                              "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
                                              STATIC_RSA,
                                              NULL};
static const char *const firefox_suites[] = {"TLS_AES_128_GCM_SHA256",
                                             "TLS_CHACHA20_POLY1305_SHA256",
                                             "TLS_AES_256_GCM_SHA384",
                                             "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                                             "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                                             "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                                             "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                                             "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                                             "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                                             "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
                                             "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                                             "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
                                             STATIC_RSA,
                                             NULL};
static const char *const chromium_groups[] = {"X25519MLKEM768", "X25519", "P-256", "P-384", NULL};
static const char *const firefox_groups[] = {"X25519MLKEM768", "X25519",    "P-256",     "P-384",
                                             "P-521",          "ffdhe2048", "ffdhe3072", NULL};

/* Safari's is published nowhere. */
static const browsers_offer offers[FACTS_ENGINES] = {
    [FACTS_ENGINE_CHROMIUM] = {FACTS_TLS_1_2, FACTS_TLS_1_3, chromium_suites, chromium_groups,
                               "its ClientHello, Chromium 156"},
    [FACTS_ENGINE_FIREFOX] = {FACTS_TLS_1_2, FACTS_TLS_1_3, firefox_suites, firefox_groups,
                              "its ClientHello, Firefox 153 ESR"},
};

const browsers_offer *browsers_offer_of(facts_engine engine)
{
    return offers[engine].suites != NULL ? &offers[engine] : NULL;
}

static bool is_in(const char *const *list, const char *name)
{
    while (*list != NULL && strcmp(*list, name) != 0)
        list++;
    return *list != NULL;
}

static const facts_suite *find(const facts_protocol *protocol, const char *name)
{
    for (size_t i = 0; i < protocol->suite_count; i++)
        if (strcmp(protocol->suites[i].name, name) == 0)
            return &protocol->suites[i];
    return NULL;
}

static const facts_suite *choose_suite(const facts_protocol *protocol, const browsers_offer *offer)
{
    if (protocol->order == FACTS_ORDER_CLIENT) {
        for (const char *const *name = offer->suites; *name != NULL; name++)
            if (find(protocol, *name) != NULL)
                return find(protocol, *name);
        return NULL;
    }
    for (size_t i = 0; i < protocol->suite_count; i++)
        if (is_in(offer->suites, protocol->suites[i].name))
            return &protocol->suites[i];
    return NULL;
}

static const char *choose_group(const facts_protocol *protocol, const browsers_offer *offer)
{
    for (const char *const *name = offer->groups; *name != NULL; name++)
        for (size_t i = 0; i < protocol->group_count; i++)
            if (strcmp(protocol->groups[i], *name) == 0)
                return *name;
    return NULL;
}

/* The two agree on the highest version before they look at suites. */
static const facts_protocol *common_version(const facts_offers *server, const browsers_offer *offer,
                                            facts_tls_version *version)
{
    for (facts_tls_version i = FACTS_TLS_VERSIONS; i-- > offer->least;)
        if (i <= offer->most && facts_offers_has(server, i)) {
            *version = i;
            return &server->protocols[i];
        }
    return NULL;
}

facts_choice browsers_choose(const facts_offers *server, facts_engine engine)
{
    const browsers_offer *offer = browsers_offer_of(engine);
    facts_choice choice = {.known = offer != NULL};
    const facts_protocol *protocol = choice.known ? common_version(server, offer, &choice.version) : NULL;

    if (protocol == NULL)
        return choice;
    choice.suite = choose_suite(protocol, offer);
    if (choice.suite != NULL && (choice.version == FACTS_TLS_1_3 || strstr(choice.suite->name, "_ECDHE_") != NULL))
        choice.group = choose_group(protocol, offer);
    return choice;
}
