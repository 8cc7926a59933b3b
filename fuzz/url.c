/*
 * URLs: what is written is one line without controls and blanks; it names the same host and port over the right scheme,
 * for us and for a reader that knows nothing but "//", the last '@' and ':'; and written again it stays as it is.
 */
#include <holdfast/url.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

/* A hook that gives ASCII, of another length than the name. */
static bool strip_high_bits(void *self, const char *name, size_t length, char *out, size_t capacity, size_t *out_length)
{
    size_t written = 0;

    (void)self;
    for (size_t i = 0; i < length && written < capacity; i++)
        if (name[i] != '\xad')
            out[written++] = (char)(name[i] & 0x7f);
    *out_length = written;
    return name[0] != '\xff';
}

static void check_parts(const hf_url *url, size_t size)
{
    check(url->scheme_at <= url->scheme_end && url->scheme_end < size);
    check(url->userinfo_at + url->userinfo_length <= url->host_at || url->userinfo_length == 0);
    check(url->host_at + url->host_length == url->port_at);
    check(url->port_at + url->port_length == url->rest_at && url->rest_at <= size);
    check(url->port >= 0 && url->port <= 65535);
    check(url->host.length == strlen(url->host.name) && url->host.length <= HF_HOST_MAX);
    check(url->host.length > 0 || url->host.kind == HF_HOST_OTHER);
}

/* The host, brackets and all, as a naive reader finds it. */
static hf_span naive_host(const char *text)
{
    const char *at = strstr(text, "//") + 2, *end = at + strcspn(at, "/?#");

    for (const char *c = at; c < end; c++)
        at = *c == '@' ? c + 1 : at;
    for (const char *c = *at == '[' ? memchr(at, ']', (size_t)(end - at)) : at; c < end; c++)
        end = *c == ':' ? c : end;
    return (hf_span){at, (size_t)(end - at)};
}

static void check_naive(const hf_url *url, const char *text)
{
    hf_span host = naive_host(text);
    size_t bracket = url->host.kind == HF_HOST_IPV6;

    if (url->host.kind == HF_HOST_OTHER) {
        check(host.length > url->host.length || url->host.length == 0);
        return;
    }
    check(host.length == url->host.length + 2 * bracket + url->root_dot);
    check(memcmp(host.data + bracket, url->host.name, url->host.length) == 0);
}

static hf_scheme secure(hf_scheme scheme)
{
    return scheme == HF_SCHEME_HTTP ? HF_SCHEME_HTTPS : scheme == HF_SCHEME_WS ? HF_SCHEME_WSS : scheme;
}

/* What stands in a line of its own for everybody. */
static void check_line(const char *out, size_t length)
{
    check(strlen(out) == length);
    for (size_t i = 0; i < length; i++)
        check((unsigned char)out[i] > ' ' && out[i] != 0x7f);
}

static void check_written(const hf_url *url, hf_scheme scheme, const char *out, size_t length)
{
    int port = url->port == 80 && scheme != url->scheme ? 443 : url->port;
    size_t capacity = HF_URL_WRITTEN_MAX(length), twice;
    char *again = malloc(capacity);
    hf_url read;

    if (again == NULL)
        return;
    check_line(out, length);
    check(hf_url_parse(out, length, NULL, &read, NULL) == HF_OK && read.scheme == scheme);
    if (scheme != HF_SCHEME_OTHER) {
        check(read.host.kind == url->host.kind && strcmp(read.host.name, url->host.name) == 0);
        check(read.port == port && read.root_dot == url->root_dot);
        check_naive(&read, out);
    }
    check(hf_url_write(&read, out, length, again, capacity, &twice) == HF_OK);
    check(twice == length && memcmp(again, out, length) == 0);
    free(again);
}

static void write_both(const hf_url *url, const char *text, size_t size)
{
    size_t capacity = HF_URL_WRITTEN_MAX(size), length;
    char *out = malloc(capacity);

    if (out == NULL)
        return;
    check(hf_url_upgrade(url, text, size, out, capacity, &length) == HF_OK && length < capacity);
    check_written(url, secure(url->scheme), out, length);
    check(hf_url_upgrade(url, text, size, out, length, &length) == HF_E_BUFFER);
    check(hf_url_upgrade(url, text, size, out, length + 1, &length) == HF_OK);
    check(hf_url_write(url, text, size, out, capacity, &length) == HF_OK && length < capacity);
    check_written(url, url->scheme, out, length);
    free(out);
}

static void read_and_write(const char *text, size_t size, const hf_idna *idna)
{
    hf_url url;
    hf_diag diag;
    hf_status status = hf_url_parse(text, size, idna, &url, &diag);

    if (status != HF_OK) {
        check(diag.status == status && diag.offset <= size && diag.length <= size - diag.offset);
        return;
    }
    if (url.scheme != HF_SCHEME_OTHER)
        check_parts(&url, size);
    write_both(&url, text, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const hf_idna idna = {strip_high_bits, NULL};

    read_and_write((const char *)data, size, NULL);
    read_and_write((const char *)data, size, &idna);
    return 0;
}
