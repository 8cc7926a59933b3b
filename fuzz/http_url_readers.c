/*
 * URLs beside other readers: libcurl's, in this process, and the WHATWG reader of Node, a child that is asked over a
 * pipe. Of what we write, upgraded or not, each finds the host that we do, or refuses it; of the text itself, Node
 * does. (Of the text curl finds others; that is why what we write is to be requested.) Text that is not UTF-8 is left
 * out: Node has none.
 *
 * Left out too is the capital sharp s: Unicode 15.1 maps it otherwise than 15.0 did, and readers are of either age.
 *
 * A child can be asked only while it runs: without Node (package nodejs) the target is skipped.
 */
#include "base/idna.h"
#include "base/utf8.h"
#include "holdfast/url.h"

#include <curl/curl.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { TEXT_MAX = 2048, WRITTEN_MAX = HF_URL_WRITTEN_MAX(TEXT_MAX), HOST_TEXT_MAX = WRITTEN_MAX };

extern char **environ;

static FILE *to_node, *from_node;

static void check(bool condition)
{
    if (!condition)
        abort();
}

/* -- Node ---------------------------------------------------------------------------------------------------------- */

/* A URL a line, in hexadecimal digits; the answer is '=' and its host, or '-' if it is refused. */
static const char program[] =
    "const fs = require('fs'), input = Buffer.alloc(1 << 16); let text = '';\n"
    "const ask = (line) => { try { return '=' + new URL(Buffer.from(line, 'hex').toString()).hostname; }"
    " catch { return '-'; } };\n"
    "for (let n; (n = fs.readSync(0, input)) > 0;) { text += input.latin1Slice(0, n);\n"
    "  const lines = text.split('\\n'); text = lines.pop();\n"
    "  if (lines.length) fs.writeSync(1, lines.map((line) => ask(line) + '\\n').join('')); }\n";

static bool start_node(void)
{
    char *const arguments[] = {"node", "-e", (char *)(uintptr_t)program, NULL};
    posix_spawn_file_actions_t actions;
    int in[2], out[2];
    pid_t child;

    check(pipe(in) == 0 && pipe(out) == 0 && posix_spawn_file_actions_init(&actions) == 0);
    check(posix_spawn_file_actions_adddup2(&actions, in[0], 0) == 0);
    check(posix_spawn_file_actions_adddup2(&actions, out[1], 1) == 0);
    check(posix_spawn_file_actions_addclose(&actions, in[1]) == 0);
    check(posix_spawn_file_actions_addclose(&actions, out[0]) == 0);
    int problem = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    if (problem != 0)
        return false;
    to_node = fdopen(in[1], "w");
    from_node = fdopen(out[0], "r");
    return to_node != NULL && from_node != NULL;
}

/* False: Node refuses it. */
static bool node_host(const char *url, size_t length, char host[HOST_TEXT_MAX])
{
    for (size_t i = 0; i < length; i++)
        fprintf(to_node, "%02x", (unsigned char)url[i]);
    check(putc('\n', to_node) == '\n' && fflush(to_node) == 0);
    check(fgets(host, HOST_TEXT_MAX, from_node) != NULL && strchr(host, '\n') != NULL);
    host[strcspn(host, "\n")] = '\0';
    bool is_read = host[0] == '=';
    memmove(host, host + 1, strlen(host));
    return is_read;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char host[HOST_TEXT_MAX];

    (void)argc, (void)argv;
    if (!start_node()) {
        printf("skipped: node cannot be started: %s\n", strerror(errno));
        exit(77);
    }
    check(node_host("http://A.test/", 14, host) && strcmp(host, "a.test") == 0);
    return 0;
}

/* -- libcurl ------------------------------------------------------------------------------------------------------- */

static bool curl_host(const char *url, char host[HOST_TEXT_MAX])
{
    CURLU *handle = curl_url();
    char *found = NULL;

    check(handle != NULL);
    bool is_read = curl_url_set(handle, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
                   curl_url_get(handle, CURLUPART_HOST, &found, 0) == CURLUE_OK;
    if (is_read)
        snprintf(host, HOST_TEXT_MAX, "%s", found);
    curl_free(found);
    curl_url_cleanup(handle);
    return is_read;
}

/* -- Beside ours --------------------------------------------------------------------------------------------------- */

/* A name has one spelling, but for its case; an address has several. */
static void check_same(const char *ours, const char *theirs)
{
    hf_host a, b;
    size_t length = strlen(ours), other = strlen(theirs);

    if (strcasecmp(ours, theirs) == 0)
        return;
    check(length > 2 && other > 2 && ours[0] == '[' && theirs[0] == '[');
    check(hf_host_parse(ours + 1, length - 2, NULL, &a, NULL) == HF_OK && a.kind == HF_HOST_IPV6);
    check(hf_host_parse(theirs + 1, other - 2, NULL, &b, NULL) == HF_OK && b.kind == HF_HOST_IPV6);
    check(strcmp(a.name, b.name) == 0);
}

/* By the shape that is promised: scheme://[user@]host[:port], then a slash, '?', '#' or the end. */
static void host_of(const char *url, char host[HOST_TEXT_MAX])
{
    const char *at = strstr(url, "//") + 2, *end = at + strcspn(at, "/?#");

    for (const char *c = at; c < end; c++)
        at = *c == '@' ? c + 1 : at;
    const char *colon = *at == '[' ? memchr(at, ']', (size_t)(end - at)) : at;
    for (; colon < end && *colon != ':'; colon++)
        ;
    snprintf(host, HOST_TEXT_MAX, "%.*s", (int)(colon - at), at);
}

static void check_written(const char *text, size_t length, const char *url, size_t url_length)
{
    char ours[HOST_TEXT_MAX], theirs[HOST_TEXT_MAX];

    host_of(url, ours);
    if (node_host(url, url_length, theirs))
        check_same(ours, theirs);
    if (curl_host(url, theirs))
        check_same(ours, theirs);
    if (node_host(text, length, theirs))
        check_same(ours, theirs);
}

static bool is_utf8(const char *text, size_t length)
{
    uint32_t point;

    for (size_t at = 0, taken; at < length; at += taken) {
        taken = base_utf8_decode(text + at, length - at, &point);
        if (taken == 0)
            return false;
    }
    return true;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* As it is, or percent-encoded. */
static bool has_capital_sharp_s(const char *text, size_t length)
{
    static const char wanted[] = "\xe1\xba\x9e";
    size_t met = 0;

    for (size_t i = 0; i < length && met < 3; i++) {
        char c = text[i];
        if (c == '%' && i + 2 < length && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            c = (char)(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        }
        if (c != '\t' && c != '\r' && c != '\n') /* these fall away */
            met = c == wanted[met] ? met + 1 : c == wanted[0];
    }
    return met == 3;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char written[WRITTEN_MAX];
    const char *text = (const char *)data;
    size_t length;
    hf_url url;

    if (size > TEXT_MAX || !is_utf8(text, size) || has_capital_sharp_s(text, size) ||
        hf_url_parse(text, size, base_idna(), &url, NULL) != HF_OK || url.scheme == HF_SCHEME_OTHER)
        return 0;
    check(hf_url_write(&url, text, size, written, sizeof written, &length) == HF_OK);
    check_written(text, size, written, length);
    check(hf_url_upgrade(&url, text, size, written, sizeof written, &length) == HF_OK);
    check_written(text, size, written, length);
    return 0;
}
