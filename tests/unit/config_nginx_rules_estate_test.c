/* Several configurations of nginx together: each is judged on its own, fragments as one, and what an edge adds to what
 * an origin sends already. */
#include "lib/linted.h"

#include "config/patch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FILES_MAX 3
#define TEXT_MAX 65536

#define SECURE "listen 443 ssl;\nssl_certificate a;\nssl_certificate_key a;\n"
#define EDGE(name, location)                                                                                           \
    "http {\nserver {\n" SECURE "server_name " name ";\n" LINTED_HSTS "\nlocation / {\n" location "\n}\n}\n}\n"
#define ORIGIN(listen, name) "http {\nserver {\nlisten " listen ";\nserver_name " name ";\n" LINTED_HSTS "\n}\n}\n"

typedef struct estate_case {
    const char *files[FILES_MAX]; /* a.conf, b.conf, c.conf */
    const char *proof;            /* of the finding that the first has two headers; NULL: there is none */
} estate_case;

static void lint_files(const char *const *texts, config_estate *estate, config_lint *lint)
{
    static const char *const names[FILES_MAX] = {"a.conf", "b.conf", "c.conf"};
    config_file *files[FILES_MAX];
    config_asking asking = {.platform = config_platform_find("nginx"), .files = files};
    base_error error;

    *estate = (config_estate){.root = "/nonexistent"};
    for (; asking.file_count < FILES_MAX && texts[asking.file_count] != NULL; asking.file_count++)
        files[asking.file_count] = config_estate_add(estate, names[asking.file_count], texts[asking.file_count],
                                                     strlen(texts[asking.file_count]));
    config_lint_init(lint, estate, (config_version){0});
    if (!asking.platform->lint(&asking, lint, &error))
        fail_msg("%s", error.text);
    config_lint_finish(lint);
}

static void done(config_estate *estate, config_lint *lint)
{
    config_lint_done(lint);
    config_estate_done(estate);
}

static void check_case(const estate_case *wanted)
{
    config_estate estate;
    config_lint lint;
    const finding *found;

    lint_files(wanted->files, &estate, &lint);
    found = finding_find(&lint.findings, RULE_DUPLICATE_HEADER);
    if ((found == NULL) != (wanted->proof == NULL))
        fail_msg("%s: %s", wanted->files[0], found != NULL ? found->proof : "not found");
    if (found != NULL) {
        assert_string_equal(found->proof, wanted->proof);
        assert_string_equal(found->place.file, "a.conf");
        assert_int_equal(found->place.line, 7);
    }
    done(&estate, &lint);
}

#define TWICE(line) "a.conf:9 passes requests on to the server of b.conf:" #line ", which sends one too"

static void an_edge_and_its_origin_send_it_twice(void **state)
{
    static const estate_case cases[] = {
        {{EDGE("a.test", "proxy_pass http://b.test:8080;"), ORIGIN("8080", "b.test")}, TWICE(5)},
        {{EDGE("a.test", "proxy_pass http://b.test;"), ORIGIN("80", "x.test b.test")}, TWICE(5)},
        {{EDGE("a.test", "proxy_pass https://b.test/x;"), ORIGIN("443 ssl", "b.test")}, TWICE(5)},
        {{EDGE("a.test", "proxy_pass http://127.0.0.1:8080;"), ORIGIN("127.0.0.1:8080", "b.test")}, TWICE(5)},
        {{EDGE("a.test", "proxy_pass http://10.0.0.2:8080;"), ORIGIN("10.0.0.2:8080", "b.test")}, TWICE(5)},
        {{EDGE("a.test", "proxy_pass http://10.0.0.2:8080; proxy_set_header Host $host;"), ORIGIN("8080", "a.test")},
         TWICE(5)},
        {{"http {\nupstream u { server 10.0.0.2:8080; }\nserver { listen 443 ssl; ssl_certificate a;\n"
          "ssl_certificate_key a;\nserver_name a.test;\n\n" LINTED_HSTS "\nlocation / {\nproxy_pass http://u;\n"
          "proxy_set_header Host b.test;\n}\n}\n}\n",
          ORIGIN("8080", "b.test")},
         TWICE(5)},
        /* In the third file. */
        {{EDGE("a.test", "proxy_pass http://c.test:8080;"), ORIGIN("8080", "b.test"), ORIGIN("8080", "c.test")},
         "a.conf:9 passes requests on to the server of c.conf:5, which sends one too"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(&cases[i]);
}

static void near_misses(void **state)
{
    static const estate_case cases[] = {
        {{EDGE("a.test", "proxy_pass http://b.test:8080;")}, NULL},
        {{EDGE("a.test", "proxy_pass http://b.test:8080;"), ORIGIN("8081", "b.test")}, NULL},
        {{EDGE("a.test", "proxy_pass http://b.test:8080;"), ORIGIN("8080", "c.test")}, NULL},
        {{EDGE("a.test", "proxy_pass http://10.0.0.2:8080;"), ORIGIN("8080", "b.test")}, NULL},
        {{EDGE("a.test", "proxy_pass http://$backend;"), ORIGIN("8080", "b.test")}, NULL},
        {{EDGE("a.test", "proxy_pass http://b.test:8080; proxy_hide_header Strict-Transport-Security;"),
          ORIGIN("8080", "b.test")},
         NULL},
        /* The origin's location has none, or it is sent over TLS alone. */
        {{EDGE("a.test", "proxy_pass http://b.test:8080;"),
          "http {\nserver {\nlisten 8080;\nserver_name b.test;\n" LINTED_HSTS
          "\nlocation / {\nadd_header X-A b;\n}\n}\n}\n"},
         NULL},
        {{EDGE("a.test", "proxy_pass http://b.test:8080;"),
          "http {\nmap $https $hsts { on max-age=31536000; }\nserver {\nlisten 8080;\nserver_name b.test;\n"
          "add_header Strict-Transport-Security $hsts always;\n}\n}\n"},
         NULL},
        {{EDGE("a.test", "return 200;"), ORIGIN("8080", "b.test")}, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(&cases[i]);
}

/* The edit hides the header of the origin, and is made once where another finding has the same. */
static void the_edge_hides_it(void **state)
{
    static const char *const files[FILES_MAX] = {EDGE("a.test", "    proxy_pass http://b.test:8080;"),
                                                 ORIGIN("8080", "b.test")};
    config_estate estate;
    config_lint lint;
    config_patches patches;
    base_buffer out;

    (void)state;
    lint_files(files, &estate, &lint);
    config_patches_make(&lint, &patches);
    base_buffer_init(&out, TEXT_MAX);
    assert_true(patches.count > 0);
    config_patch_text(&patches.items[0], &out);
    assert_string_equal(base_buffer_string(&out), EDGE("a.test", "    proxy_hide_header Strict-Transport-Security;\n"
                                                                 "    proxy_pass http://b.test:8080;"));
    base_buffer_done(&out);
    done(&estate, &lint);
}

static size_t count_findings(const char *const *files)
{
    config_estate estate;
    config_lint lint;
    size_t count;

    lint_files(files, &estate, &lint);
    count = lint.findings.count;
    done(&estate, &lint);
    return count;
}

/* Two servers with the same socket are no fault of either; in one configuration they would share what http { } has. */
static void whole_configurations_stand_alone(void **state)
{
    static const char *const alone[FILES_MAX] = {"http {\nserver {\n" SECURE "server_name a.test;\n}\n}\n"};
    static const char *const beside[FILES_MAX] = {"http {\nserver {\n" SECURE "server_name a.test;\n}\n}\n",
                                                  "http {\n" LINTED_HSTS "\nserver {\n" SECURE
                                                  "server_name b.test;\n}\n}\n"};
    static const char *const together[FILES_MAX] = {"server {\n" SECURE "server_name a.test;\n}\n",
                                                    LINTED_HSTS "\nmap $a $b { c d; }\n"};

    (void)state;
    assert_true(count_findings(alone) > 0);
    assert_int_equal(count_findings(beside), count_findings(alone));
    assert_int_equal(count_findings(together), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edge_and_its_origin_send_it_twice),
        cmocka_unit_test(near_misses),
        cmocka_unit_test(the_edge_hides_it),
        cmocka_unit_test(whole_configurations_stand_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
