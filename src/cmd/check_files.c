#include "cmd/check_files.h"

#include "agent/files.h"
#include "base/file.h"
#include "base/idna.h"
#include "cmd/document.h"
#include "report/files.h"
#include "rules/judge.h"
#include "tls/presented.h"
#include "tls/private_key.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOCUMENT_MAX ((size_t)256 << 20)
#define KEY_MAX ((size_t)1 << 20) /* octets of a file with a key, which may hold certificates too */
#define OTHERS 06u                /* permissions of those who are neither the owner nor in the group */

/* One file with its key. */
typedef struct pair {
    facts_files files;
    tls_certificates *certificates;
    facts_key_file key;
    finding_judgement judgement;
} pair;

typedef struct checking {
    const cmd_check_files_run *run;
    int64_t now;
    http_transport wire;
    hf_host names[FACTS_FILE_NAMES_MAX];
    pair *pairs;
    size_t count;
} checking;

/* -- What is asked for --------------------------------------------------------------------------------------------- */

static int refuse(const base_error *error)
{
    return cmd_refuse("check: %s", error->text);
}

/* "*.a.test" stands for every name below a.test by one label, as in certificates: it is compared as it is written. */
static bool read_name(const char *text, hf_host *host, base_error *error)
{
    bool is_wildcard = strncmp(text, "*.", 2) == 0;
    const char *rest = is_wildcard ? text + 2 : text;
    hf_diag diag = {0};

    if (hf_host_parse(rest, strlen(rest), base_idna(), host, &diag) != HF_OK) {
        base_error_set(error, "--for: '%s' is not a host name: %s", BASE_CUT(text), diag.text);
        return false;
    }
    if (!is_wildcard)
        return true;
    if (host->kind != HF_HOST_NAME || host->length + 2 > HF_HOST_MAX) {
        base_error_set(error, "--for: '%s' is not a host name", BASE_CUT(text));
        return false;
    }
    memmove(host->name + 2, host->name, host->length + 1);
    memcpy(host->name, "*.", 2);
    host->length += 2;
    return true;
}

static bool read_names(checking *c, base_error *error)
{
    const base_texts *names = &c->run->options->names;

    for (size_t i = 0; i < names->count; i++)
        if (!read_name(names->items[i], &c->names[i], error))
            return false;
    return true;
}

/* Nothing that is read may be written to. */
static bool claim(const checking *c, base_error *error)
{
    const cmd_check_files_options *options = c->run->options;
    base_claims claims = {0};
    bool good = http_transport_claim(c->run->wire, &claims, error);

    for (size_t i = 0; good && i < options->chains.count; i++)
        good = base_claims_add_path(&claims, options->chains.items[i], "--chain", false, error);
    for (size_t i = 0; good && i < options->keys.count; i++)
        good = base_claims_add_path(&claims, options->keys.items[i], "--key", false, error);
    good = good && cmd_chain_claim(c->run->chain, &claims, error);
    base_claims_done(&claims);
    return good;
}

/* -- The files ----------------------------------------------------------------------------------------------------- */

static bool read_certificates(pair *p, base_error *error)
{
    base_buffer octets;
    base_error why;
    tls_form form;
    bool is_read;

    base_buffer_init(&octets, TLS_CERTIFICATES_FILE_MAX);
    p->certificates = tls_certificates_new();
    is_read = base_file_read(p->files.path, &octets, error);
    if (is_read &&
        !tls_certificates_read(p->certificates, (hf_span){base_buffer_string(&octets), octets.length}, &form, &why)) {
        base_error_set(error, "%s: %s", BASE_CUT(p->files.path), why.text);
        is_read = false;
    }
    base_buffer_done(&octets);
    if (!is_read)
        base_error_wrap(error, "--chain");
    return is_read;
}

/* Which of the certificates it belongs to: the first is the one that servers take, and no server has the key of a CA.
 */
static int certificate_of(const facts_tls *tls, const tls_private_key *key)
{
    for (size_t i = 0; i < tls->certificate_count; i++)
        if ((i == 0 || !tls->certificates[i].authority) && tls_private_key_fits(key, tls->certificates[i].der))
            return (int)i;
    return -1;
}

/* What is no file has no mode that matters. */
static void read_mode(const char *path, facts_key_file *key)
{
    struct stat status;
    int fd = strcmp(path, "-") != 0 ? base_file_open(path, &(base_file_rules){0}, &status, NULL) : -1;

    if (fd < 0)
        return;
    close(fd);
    key->mode = status.st_mode & 07777u;
    key->is_open = (key->mode & OTHERS) != 0;
}

static tls_private_key *open_key(const char *path, base_error *error)
{
    tls_private_key *key = NULL;
    base_buffer octets;
    base_error why;

    base_buffer_init(&octets, KEY_MAX);
    if (base_file_read(path, &octets, error)) {
        key = tls_private_key_read((hf_span){base_buffer_string(&octets), octets.length}, &why);
        if (key == NULL)
            base_error_set(error, "%s: %s", BASE_CUT(path), why.text);
    }
    tls_private_key_forget(octets.data, octets.length);
    base_buffer_done(&octets);
    if (key == NULL)
        base_error_wrap(error, "--key");
    return key;
}

static bool read_key(pair *p, const char *path, base_error *error)
{
    tls_private_key *key = open_key(path, error);

    if (key == NULL)
        return false;
    p->key.path = path;
    p->key.type = tls_private_key_type(key, &p->files.site.arena);
    p->key.bits = tls_private_key_bits(key);
    p->key.fits = certificate_of(facts_files_tls(&p->files), key);
    read_mode(path, &p->key);
    tls_private_key_free(key);
    p->files.key = &p->key;
    return true;
}

/* -- What a handshake would show ----------------------------------------------------------------------------------- */

static void show(const checking *c, pair *p, facts_file_name *name, const hf_host *host)
{
    const tls_presented presented = {.trust = c->wire.trust,
                                     .certificates = p->certificates,
                                     .host = host != NULL ? host->name : NULL,
                                     .is_address = host != NULL && host->kind != HF_HOST_NAME,
                                     .now = c->now};

    if (host != NULL) {
        name->hop.host = *host;
        name->name = host->name;
    }
    name->hop.file = p->files.path;
    name->hop.port = p->files.site.port;
    name->hop.exchange.secure = true;
    tls_presented_judge(&presented, &p->files.site.arena, &name->hop.exchange.tls);
}

static void show_all(const checking *c, pair *p)
{
    const size_t count = c->run->options->names.count;
    facts_files *files = &p->files;

    facts_site_init(&files->site, &c->names[0], 443);
    files->site.warn_before = c->run->warn_before;
    files->name_count = count > 0 ? count : 1;
    files->names = base_arena_take(&files->site.arena, files->name_count * sizeof *files->names);
    for (size_t i = 0; i < files->name_count; i++)
        show(c, p, &files->names[i], count > 0 ? &c->names[i] : NULL);
    files->site.chains[FACTS_HTTPS] = (facts_redirects){.hops = {&files->names[0].hop}, .count = 1};
}

static bool mend(const checking *c, pair *p, base_error *error)
{
    const cmd_chain_asking asking = {.options = c->run->chain,
                                     .wire = &c->wire,
                                     .now = c->now,
                                     .host = p->files.names[0].name != NULL ? &c->names[0] : NULL,
                                     .sent = facts_files_tls(&p->files)};

    return !cmd_chain_is_wanted(c->run->chain) ||
           cmd_chain_mend(&asking, &p->files.site.arena, &p->files.site.mended, error);
}

static bool judge(const checking *c, pair *p, size_t index, base_error *error)
{
    const cmd_check_files_options *options = c->run->options;

    p->files.path = options->chains.items[index];
    if (!read_certificates(p, error))
        return false;
    show_all(c, p);
    if ((options->keys.count > 0 && !read_key(p, options->keys.items[index], error)) || !mend(c, p, error))
        return false;
    agent_judge_files(&p->files);
    rule_judge_files(&p->files, c->now, &p->files.site.arena, &p->judgement);
    return true;
}

/* -- The report ---------------------------------------------------------------------------------------------------- */

static bool write_json(const checking *c, base_error *error)
{
    base_buffer out;
    base_json json;

    cmd_document_begin(&out, &json, DOCUMENT_MAX);
    base_json_object_begin(&json);
    base_json_key_time(&json, "at", c->now);
    base_json_key(&json, "files");
    base_json_array_begin(&json);
    for (size_t i = 0; i < c->count; i++)
        report_files_json(&(report_files_item){&c->pairs[i].files, &c->pairs[i].judgement}, &json);
    base_json_array_end(&json);
    base_json_object_end(&json);
    return cmd_document_end(&out, error);
}

static bool write_report(const checking *c, base_error *error)
{
    base_term term;

    if (c->run->json)
        return write_json(c, error);
    base_term_init(&term, stdout, c->run->common->color);
    for (size_t i = 0; i < c->count; i++) {
        if (i > 0 && !c->run->common->quiet)
            base_term_gap(&term);
        report_files_text(&(report_files_item){&c->pairs[i].files, &c->pairs[i].judgement}, c->run->common->quiet,
                          &term);
    }
    return true;
}

static int exit_code(const checking *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (cmd_fail_on_meets(c->run->fail_on, &c->pairs[i].judgement.findings))
            return BASE_EXIT_FINDINGS;
    return cmd_chain_exit(c->run->chain, &c->pairs[0].files.site.mended, BASE_EXIT_CLEAN);
}

static int judge_all(checking *c)
{
    base_error error;

    for (size_t i = 0; i < c->count; i++)
        if (!judge(c, &c->pairs[i], i, &error))
            return refuse(&error);
    if (write_report(c, &error))
        return exit_code(c);
    base_error_print(&error, stderr);
    return BASE_EXIT_UNCHECKED;
}

/* -- The run ------------------------------------------------------------------------------------------------------- */

static int run_on(checking *c, io_loop *loop)
{
    base_error error;
    http_route *route = http_transport_route(c->run->wire, &error);
    int code;

    if (route == NULL)
        return refuse(&error);
    if (!http_transport_open(&c->wire, loop, route, c->run->wire, &error)) {
        base_error_wrap(&error, "check");
        base_error_print(&error, stderr);
        return http_transport_was_asked_for(c->run->wire) ? BASE_EXIT_USAGE : BASE_EXIT_UNCHECKED;
    }
    code = judge_all(c);
    http_transport_close(&c->wire);
    return code;
}

static void free_pairs(const checking *c)
{
    for (size_t i = 0; i < c->count; i++) {
        tls_certificates_free(c->pairs[i].certificates);
        facts_site_done(&c->pairs[i].files.site);
    }
    free(c->pairs);
}

int cmd_check_files(const cmd_check_files_run *run)
{
    checking *c = base_allocate(sizeof *c);
    base_error error;
    io_loop *loop;
    int code;

    c->run = run;
    c->now = cmd_now(run->common);
    c->count = run->options->chains.count;
    c->pairs = base_allocate(c->count * sizeof *c->pairs);
    if (read_names(c, &error) && (run->chain->write == NULL || claim(c, &error))) {
        loop = io_loop_new();
        code = run_on(c, loop);
        io_loop_free(loop);
    } else {
        code = refuse(&error);
    }
    free_pairs(c);
    free(c);
    return code;
}
