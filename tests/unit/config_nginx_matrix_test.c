/* Which response of nginx carries which header, from configurations as literals. What nginx itself sends is in
 * tests/scenes/config_matrix.sh. */
#include "config/platform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STS "add_header Strict-Transport-Security "
#define TLS "server {\nlisten 443 ssl;\nserver_name a.test;\n"
#define TEXT_MAX 512

typedef struct matrix_case {
    const char *text;
    const char *location; /* NULL: the server itself */
    bool plain, from_application;
    int cause;
    const char
        *wanted; /* "STATUS VALUE|VALUE", with "*" for the application's, "?" where it is not sure; "-": no cell */
} matrix_case;

typedef struct matrix_made {
    config_estate estate;
    facts_matrix matrix;
} matrix_made;

static void make(const char *text, matrix_made *made)
{
    config_file *file;
    base_error error;

    *made = (matrix_made){.estate = {.root = "/nonexistent"}};
    file = config_estate_add(&made->estate, "a.conf", text, strlen(text));
    const config_asking asking = {.platform = config_platform_find("nginx"), .files = &file, .file_count = 1};
    if (!asking.platform->matrix(&asking, &made->estate, &made->matrix, &error))
        fail_msg("%s: %s", text, error.text);
}

static bool is_location(const facts_matrix_row *row, const char *location)
{
    return location == NULL ? row->location == NULL : row->location != NULL && strcmp(row->location, location) == 0;
}

static const facts_matrix_cell *find(const facts_matrix *matrix, const matrix_case *wanted)
{
    for (size_t i = 0; i < matrix->server_count; i++)
        for (size_t j = 0; j < matrix->servers[i].row_count; j++) {
            const facts_matrix_row *row = &matrix->servers[i].rows[j];

            for (size_t k = 0; k < row->cell_count; k++)
                if (row->tls != wanted->plain && is_location(row, wanted->location) &&
                    row->cells[k].cause == wanted->cause && row->cells[k].from_application == wanted->from_application)
                    return &row->cells[k];
        }
    return NULL;
}

static void tell(const facts_matrix_cell *cell, char *out)
{
    size_t used;

    if (cell == NULL) {
        (void)snprintf(out, TEXT_MAX, "-");
        return;
    }
    used = (size_t)snprintf(out, TEXT_MAX, "%d %s%s", cell->status, cell->sure ? "" : "?",
                            cell->application_too ? "*" : "");
    for (size_t i = 0; i < cell->field_count; i++)
        used += (size_t)snprintf(out + used, TEXT_MAX - used, "%s%s", i > 0 ? "|" : "",
                                 cell->fields[i].value != NULL ? cell->fields[i].value : "(unknown)");
}

static void check(const matrix_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char got[TEXT_MAX];
        matrix_made made;

        make(cases[i].text, &made);
        tell(find(&made.matrix, &cases[i]), got);
        if (strcmp(got, cases[i].wanted) != 0)
            fail_msg("%s: %s %d: '%s', not '%s'", cases[i].text, cases[i].location, cases[i].cause, got,
                     cases[i].wanted);
        config_estate_done(&made.estate);
    }
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof *(cases))

static void levels_and_statuses(void **state)
{
    static const matrix_case cases[] = {
        {TLS STS "a;\nlocation / { }\n}", "/", .cause = 200, .wanted = "200 a"},
        {TLS STS "a;\nlocation / { }\n}", "/", .cause = 304, .wanted = "304 a"},
        {TLS STS "a;\nlocation / { }\n}", "/", .cause = 404, .wanted = "404 "},
        {TLS STS "a always;\nlocation / { }\n}", "/", .cause = 413, .wanted = "413 a"},
        {TLS STS "a always;\nlocation / { add_header X b; }\n}", "/", .cause = 200, .wanted = "200 "},
        {TLS STS "a always;\nlocation /a { add_header X b; location /a/b { } }\n}", "/a/b", .cause = 200,
         .wanted = "200 "},
        {TLS STS "a;\n" STS "b;\nlocation / { }\n}", "/", .cause = 200, .wanted = "200 a|b"},
        {TLS STS "a;\nlocation / { " STS "b; add_header_inherit merge; }\n}", "/", .cause = 200, .wanted = "200 a|b"},
        {TLS STS "\"\";\nlocation / { }\n}", "/", .cause = 200, .wanted = "200 "},
        {TLS STS "$http_x;\nlocation / { }\n}", "/", .cause = 200, .wanted = "200 ?(unknown)"},
        {"map $scheme $h { https a; }\nserver { listen 80; listen 443 ssl; " STS "$h always; }", NULL, .cause = 200,
         .wanted = "200 a"},
        {"map $scheme $h { https a; }\nserver { listen 80; listen 443 ssl; " STS "$h always; }", NULL, true,
         .cause = 200, .wanted = "200 "},
        {TLS STS "a;\nmore_set_headers 'Strict-Transport-Security: b';\n}", NULL, .cause = 404, .wanted = "404 b"},
        {TLS STS "a;\nmore_set_headers 'Strict-Transport-Security: b';\n}", NULL, .cause = 200, .wanted = "200 b|a"},
        {TLS "more_set_headers -s '404 500' 'Strict-Transport-Security: b';\n}", NULL, .cause = 403, .wanted = "403 "},
        {TLS "more_set_headers -s '404 500' 'Strict-Transport-Security: b';\n}", NULL, .cause = 500, .wanted = "500 b"},
        {TLS STS "a;\ninclude /nonexistent/x.conf;\n}", NULL, .cause = 200, .wanted = "200 ?a"},
    };

    (void)state;
    CHECK(cases);
}

static void errors_move(void **state)
{
    static const matrix_case cases[] = {
        {TLS STS "a always; error_page 404 /e;\nlocation / { }\nlocation = /e { add_header X b; }\n}", "/",
         .cause = 404, .wanted = "404 "},
        {TLS "error_page 404 @n;\nlocation / { }\nlocation @n { " STS "a always; return 410; }\n}", "/", .cause = 404,
         .wanted = "410 a"},
        {TLS "error_page 404 =200 /e;\nlocation / { }\nlocation /e { " STS "a; }\n}", "/", .cause = 404,
         .wanted = "200 a"},
        {TLS STS "a; error_page 404 https://b.test/;\nlocation / { }\n}", "/", .cause = 404, .wanted = "302 a"},
        {TLS STS "a; error_page 404 =301 https://b.test/;\nlocation / { }\n}", "/", .cause = 404, .wanted = "301 a"},
        {TLS STS "a always; error_page 404 /e;\nlocation / { error_page 403 /e; }\nlocation = /e { }\n}", "/",
         .cause = 404, .wanted = "404 a"},
        {TLS STS "a always; recursive_error_pages on; error_page 404 /e;\nlocation / { }\n"
                 "location /e { add_header X b; return 404; }\n}",
         "/", .cause = 404, .wanted = "500 "},
        {TLS STS "a always; error_page 404 @gone;\nlocation / { }\n}", "/", .cause = 404, .wanted = "500 a"},
        {TLS "location / { try_files $uri /e; }\nlocation /e { " STS "a; }\n}", "/", .cause = 404, .wanted = "200 a"},
        {TLS STS "a always;\nlocation / { try_files $uri =403; }\n}", "/", .cause = 404, .wanted = "403 a"},
        {TLS STS "a;\nlocation / { return 404 no; }\n}", "/", .cause = 404, .wanted = "404 "},
        {TLS STS "a;\nlocation / { return 444; }\n}", "/", .cause = 444, .wanted = "444 "},
        {TLS STS "a;\nlocation / { return 301 https://b.test/; }\n}", "/", .cause = 200, .wanted = "-"},
        {TLS "return 301 https://b.test/; " STS "a;\nlocation / { }\n}", NULL, .cause = 301, .wanted = "301 a"},
        {TLS "location / { if ($arg_x) { " STS "a; } }\n}", "/ if ($arg_x)", .cause = 200, .wanted = "200 a"},
        {TLS "location / { if ($scheme = https) { " STS "a; } }\n}", "/", .cause = 200, .wanted = "200 a"},
    };

    (void)state;
    CHECK(cases);
}

static void internal_replies(void **state)
{
    static const matrix_case cases[] = {
        {TLS STS "a always;\n}", NULL, .cause = 400, .wanted = "400 a"},
        {TLS STS "a always;\n}", NULL, .cause = 494, .wanted = "400 a"},
        {TLS STS "a;\n}", NULL, .cause = 495, .wanted = "400 "},
        {TLS STS "$scheme always;\n}", NULL, .cause = 496, .wanted = "400 https"},
        {TLS STS "$scheme always;\n}", NULL, .cause = 497, .wanted = "400 http"},
        {TLS "error_page 414 @n; " STS "a always;\nlocation @n { return 200; }\n}", NULL, .cause = 414,
         .wanted = "500 a"},
        {"server { listen 80 default_server; " STS "a always; }\nserver { listen 80; server_name b.test; }", NULL, true,
         .cause = 400, .wanted = "400 a"},
        {TLS "ssl_reject_handshake on; " STS "a always;\n}", NULL, .cause = 400, .wanted = "-"},
    };

    (void)state;
    CHECK(cases);
}

static void applications(void **state)
{
    static const matrix_case cases[] = {
        {TLS STS "a;\nlocation / { proxy_pass http://b; }\n}", "/", .from_application = true, .cause = 200,
         .wanted = "200 *a"},
        {TLS STS "a;\nlocation / { proxy_pass http://b; }\n}", "/", .from_application = true, .cause = 404,
         .wanted = "404 *"},
        {TLS STS "a;\nlocation / { proxy_pass http://b; }\n}", "/", .cause = 502, .wanted = "502 "},
        {TLS STS "a;\nlocation / { proxy_pass http://b; proxy_hide_header Strict-Transport-Security; }\n}", "/",
         .from_application = true, .cause = 200, .wanted = "200 a"},
        {TLS "more_set_headers 'Strict-Transport-Security: a';\nlocation / { proxy_pass http://b; }\n}", "/",
         .from_application = true, .cause = 200, .wanted = "200 a"},
        {TLS STS "a always; error_page 404 /e;\nlocation / { proxy_pass http://b; proxy_intercept_errors on; }\n"
                 "location /e { }\n}",
         "/", .from_application = true, .cause = 404, .wanted = "404 a"},
        {TLS STS "a;\nlocation / { try_files $uri @b; }\nlocation @b { fastcgi_pass b; }\n}", "/", .cause = 404,
         .wanted = "0 ?*a"},
        {TLS STS "a always;\nlocation / { try_files $uri @b; }\nlocation @b { fastcgi_pass b; }\n}", "/", .cause = 404,
         .wanted = "0 *a"},
    };

    (void)state;
    CHECK(cases);
}

static void bounds(void **state)
{
    const size_t count = 30000;
    config_estate estate = {0};
    char *text = calloc(count + 2, 32), *at = text;
    config_file *file;
    facts_matrix matrix;
    base_error error;

    (void)state;
    assert_non_null(text);
    at += sprintf(at, "server{listen 80;listen 443 ssl;");
    for (size_t i = 0; i < count; i++)
        at += sprintf(at, "location /%zu{}", i);
    (void)sprintf(at, "}");
    file = config_estate_add(&estate, "a.conf", text, strlen(text));
    const config_asking asking = {.platform = config_platform_find("nginx"), .files = &file, .file_count = 1};
    assert_false(asking.platform->matrix(&asking, &estate, &matrix, &error));
    assert_string_equal(error.text, "a.conf: its locations make more than 50000 rows");
    config_estate_done(&estate);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_and_statuses), cmocka_unit_test(errors_move), cmocka_unit_test(internal_replies),
        cmocka_unit_test(applications),        cmocka_unit_test(bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
