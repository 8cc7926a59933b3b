/* Lines of nginx that set the HSTS header: each rule from a configuration, and near misses of it. */
#include "lib/linted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define CHECK(cases) linted_check(config_platform_find("nginx"), cases, sizeof(cases) / sizeof *(cases))
#define TLS "server {\nlisten 443 ssl;\nserver_name a.test;\n"
#define PLAIN "server {\nlisten 80;\nserver_name a.test;\n"
#define VALUE "\"max-age=31536000; includeSubDomains\""
#define MORE "more_set_headers \"Strict-Transport-Security: max-age=31536000; includeSubDomains\";\n"

static void the_name_is_mistyped(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS "add_header Strict_Transport_Security " VALUE " always;\n}\n",
         .wanted = {{RULE_HEADER_NAME_TYPO, 4}},
         .mended = TLS "add_header Strict-Transport-Security " VALUE " always;\n}\n"},
        {.text = TLS "add_header 'Strict-Transport-Security:' " VALUE " always;\n}\n",
         .wanted = {{RULE_HEADER_NAME_TYPO, 4}},
         .mended = TLS "add_header 'Strict-Transport-Security' " VALUE " always;\n}\n"},
        {.text = TLS "more_set_headers \"Strict-Transport-Security : max-age=31536000; includeSubDomains\";\n}\n",
         .wanted = {{RULE_HEADER_NAME_SPACE, 4}},
         .mended = TLS MORE "}\n"},
        {.text = TLS "add_header strict-transport-security " VALUE " always;\n}\n"},
        {.text = TLS LINTED_HSTS "\nadd_header X-Permitted-Cross-Domain-Policies none always;\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void the_value_is_judged_where_it_is_written(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS "add_header Strict-Transport-Security includeSubDomains always;\n}\n",
         .wanted = {{RULE_MAX_AGE_MISSING, 4}}},
        {.text = "map $scheme $hsts {\nhttps \"max-age=300; includeSubDomains\";\n}\n" TLS
                 "add_header Strict-Transport-Security $hsts always;\n}\n",
         .wanted = {{RULE_MAX_AGE_SHORT, 2}}},
        {.text = TLS "set $hsts \"max-age=0\";\nadd_header Strict-Transport-Security $hsts always;\n}\n",
         .wanted = {{RULE_MAX_AGE_ZERO, 4}}},
        {.text = TLS "set $age 300;\nadd_header Strict-Transport-Security \"max-age=$age; includeSubDomains\" "
                     "always;\n}\n",
         .wanted = {{RULE_MAX_AGE_SHORT, 5}}},
        {.text = TLS "add_header Strict-Transport-Security \"max-age=$age\" always;\n}\n",
         .wanted = {{RULE_VARIABLE_UNKNOWN, 4}}},
        {.text = TLS "more_set_headers \"Strict-Transport-Security: max-age=31536000\";\n}\n",
         .wanted = {{RULE_INCLUDESUBDOMAINS_MISSING, 4}}},
        {.text = "map $scheme $hsts {\nhttps " VALUE ";\n}\n" TLS
                 "add_header Strict-Transport-Security $hsts always;\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void a_map_selects_nothing_or_everything(void **state)
{
    static const linted_case cases[] = {
        {.text =
             "map $https $hsts {\nhttps " VALUE ";\n}\n" TLS "add_header Strict-Transport-Security $hsts always;\n}\n",
         .wanted = {{RULE_MAP_WRONG_KEY, 1}},
         .mended =
             "map $https $hsts {\non " VALUE ";\n}\n" TLS "add_header Strict-Transport-Security $hsts always;\n}\n"},
        {.text = "map $scheme $hsts {\ndefault " VALUE ";\n}\n" PLAIN
                 "add_header Strict-Transport-Security $hsts always;\n}\n",
         .wanted = {{RULE_MAP_UNCONDITIONAL, 1}},
         .mended = "map $scheme $hsts {\nhttps " VALUE ";\n}\n" PLAIN
                   "add_header Strict-Transport-Security $hsts always;\n}\n"},
        {.text = "map $scheme $hsts {\ndefault " VALUE ";\nhttp \"\";\n}\n" TLS
                 "add_header Strict-Transport-Security $hsts always;\n}\n"},
        {.text =
             "map $https $hsts {\non " VALUE ";\n}\n" TLS "add_header Strict-Transport-Security $hsts always;\n}\n"},
        {.text = "map $host $hsts {\ndefault " VALUE ";\nb.test \"\";\n}\n" TLS
                 "add_header Strict-Transport-Security $hsts always;\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void the_client_decides(void **state)
{
    static const linted_case cases[] = {
        {.text = "map $http_x_forwarded_proto $hsts {\nhttps " VALUE ";\n}\n" PLAIN
                 "add_header Strict-Transport-Security $hsts always;\n}\n",
         .wanted = {{RULE_CONDITION_SPOOFABLE, 7}}},
        {.text = PLAIN "location / {\nif ($http_x_forwarded_proto = https) {\n" LINTED_HSTS "\n}\n}\n}\n",
         .wanted = {{RULE_CONDITION_SPOOFABLE, 6}}},
        {.text = "map $http_x_forwarded_proto $hsts {\nhttps " VALUE ";\n}\n" PLAIN
                 "set_real_ip_from 10.0.0.0/8;\nadd_header Strict-Transport-Security $hsts always;\n}\n"},
        {.text = "map $http_x_forwarded_proto $hsts {\nhttps " VALUE ";\n}\nserver {\nlisten 127.0.0.1:8080;\n"
                 "add_header Strict-Transport-Security $hsts always;\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void some_statuses_lack_it(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS "add_header Strict-Transport-Security " VALUE ";\n}\n",
         .wanted = {{RULE_NO_ALWAYS, 4}},
         .mended = TLS "add_header Strict-Transport-Security " VALUE " always;\n}\n"},
        {.text = TLS "more_set_headers -s 200 \"Strict-Transport-Security: max-age=31536000; "
                     "includeSubDomains\";\n}\n",
         .wanted = {{RULE_STATUS_RESTRICTED, 4}},
         .mended = TLS MORE "}\n"},
        {.text = TLS MORE "}\n"},
        {.text = TLS LINTED_HSTS "\nadd_header X-A b;\n}\n"},
        {.text = TLS "add_header Strict-Transport-Security " VALUE ";\n}\n", .version = {1, 6, 2}},
    };

    (void)state;
    CHECK(cases);
}

static void it_is_sent_without_tls(void **state)
{
    static const linted_case cases[] = {
        {.text = PLAIN LINTED_HSTS "\nreturn 301 https://$host$request_uri;\n}\n",
         .wanted = {{RULE_HSTS_OVER_HTTP, 4}},
         .mended = PLAIN "return 301 https://$host$request_uri;\n}\n"},
        {.text = "server {\nlisten 80;\nlisten 443 ssl;\n" LINTED_HSTS "\n}\n", .wanted = {{RULE_HSTS_OVER_HTTP, 4}}},
        {.text = LINTED_HSTS "\n" PLAIN "return 301 https://$host$request_uri;\n}\n",
         .wanted = {{RULE_HSTS_OVER_HTTP, 1}}},
        {.text = PLAIN LINTED_HSTS "\nreturn 444;\n}\n"},
        {.text = "server {\nlisten unix:/run/a.sock;\n" LINTED_HSTS "\n}\n"},
        {.text = TLS LINTED_HSTS "\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void a_response_gets_two(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS LINTED_HSTS "\n" LINTED_HSTS "\n}\n",
         .wanted = {{RULE_DUPLICATE_HEADER, 5}},
         .mended = TLS LINTED_HSTS "\n}\n"},
        {.text = TLS LINTED_HSTS "\n" MORE "}\n", .wanted = {{RULE_DUPLICATE_HEADER, 5}}},
        {.text = MORE TLS LINTED_HSTS "\n}\n", .wanted = {{RULE_DUPLICATE_HEADER, 5}}},
        {.text = TLS LINTED_HSTS "\nlocation / {\nadd_header_inherit merge;\n" LINTED_HSTS "\n}\n}\n",
         .wanted = {{RULE_INHERIT_MERGE_DUPLICATE, 7}},
         .mended = TLS LINTED_HSTS "\nlocation / {\nadd_header_inherit merge;\n}\n}\n"},
        {.text = TLS LINTED_HSTS "\nlocation / {\n" LINTED_HSTS "\n}\n}\n"},
        {.text = MORE TLS MORE "}\n"},
        {.text =
             "map $scheme $none {\nhttp x;\n}\n" TLS LINTED_HSTS "\nadd_header Strict-Transport-Security \"\";\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

static void the_application_may_send_one_too(void **state)
{
    static const linted_case cases[] = {
        {.text = TLS LINTED_HSTS "\nlocation / {\n    proxy_pass http://b;\n}\n}\n",
         .wanted = {{RULE_UPSTREAM_DUPLICATE_RISK, 4}},
         .mended = TLS LINTED_HSTS
         "\nlocation / {\n    proxy_hide_header Strict-Transport-Security;\n    proxy_pass http://b;\n}\n}\n"},
        {.text = TLS LINTED_HSTS "\nproxy_hide_header X-Powered-By;\nlocation / {\nproxy_pass http://b;\n}\n}\n",
         .wanted = {{RULE_UPSTREAM_DUPLICATE_RISK, 4}},
         .mended = TLS LINTED_HSTS "\nproxy_hide_header Strict-Transport-Security;\nproxy_hide_header "
                                   "X-Powered-By;\nlocation / {\nproxy_pass http://b;\n}\n}\n"},
        {.text = TLS LINTED_HSTS "\nlocation ~ \\.php$ {\nfastcgi_pass unix:/run/php.sock;\n}\n}\n",
         .wanted = {{RULE_UPSTREAM_DUPLICATE_RISK, 4}},
         .mended = TLS LINTED_HSTS "\nlocation ~ \\.php$ {\nfastcgi_hide_header "
                                   "Strict-Transport-Security;\nfastcgi_pass unix:/run/php.sock;\n}\n}\n"},
        {.text = TLS LINTED_HSTS "\nproxy_hide_header Strict-Transport-Security;\nlocation / {\nproxy_pass "
                                 "http://b;\n}\n}\n"},
        {.text = TLS MORE "location / {\nproxy_pass http://b;\n}\n}\n"},
    };

    (void)state;
    CHECK(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_name_is_mistyped),
        cmocka_unit_test(the_value_is_judged_where_it_is_written),
        cmocka_unit_test(a_map_selects_nothing_or_everything),
        cmocka_unit_test(the_client_decides),
        cmocka_unit_test(some_statuses_lack_it),
        cmocka_unit_test(it_is_sent_without_tls),
        cmocka_unit_test(a_response_gets_two),
        cmocka_unit_test(the_application_may_send_one_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
