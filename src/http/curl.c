#include "http/curl.h"

#include "base/file.h"
#include "base/memory.h"
#include "holdfast/host.h"
#include "holdfast/url.h"

#include <string.h>

#define CONNECT_SECONDS_MAX 30L
#define REDIRECTS_MAX 5L
#define CAFILE_MAX ((size_t)64 << 20) /* octets */

static bool is_this_machine(const hf_host *host)
{
    return hf_host_is_localhost(host) || (host->kind == HF_HOST_IPV4 && strncmp(host->name, "127.", 4) == 0);
}

/* Over plain HTTP anybody on the way could change what comes; but not on the way from a machine to itself. */
static bool is_allowed(const http_curl_options *options, bool *plain, base_error *error)
{
    const char *text = options->url;
    hf_url url;

    if (hf_url_parse(text, strlen(text), NULL, &url, NULL) != HF_OK ||
        (url.scheme != HF_SCHEME_HTTPS && url.scheme != HF_SCHEME_HTTP)) {
        base_error_set(error, "'%s' is not an https URL", BASE_CUT(text));
        return false;
    }
    *plain = url.scheme == HF_SCHEME_HTTP;
    if (!*plain || options->allows_http || is_this_machine(&url.host))
        return true;
    base_error_set(error, "'%s': over plain HTTP anybody on the way could change what comes: write https",
                   BASE_CUT(text));
    return false;
}

static void set_routes(http_curl *curl, const base_texts *connect_to)
{
    for (size_t i = 0; connect_to != NULL && i < connect_to->count; i++)
        curl->routes = curl_slist_append(curl->routes, connect_to->items[i]);
    curl_easy_setopt(curl->easy, CURLOPT_CONNECT_TO, curl->routes);
}

/* libcurl takes what it keeps; a file that it opened itself could be anything. */
static bool set_trust(http_curl *curl, const char *cafile, base_error *error)
{
    base_buffer text;
    bool is_read;

    if (cafile == NULL)
        return true;
    base_buffer_init(&text, CAFILE_MAX);
    is_read = base_file_read_by(cafile, &(base_file_rules){.streams = true}, &text, error);
    if (is_read) {
        struct curl_blob blob = {text.data, text.length, CURL_BLOB_COPY};

        is_read = text.length > 0 && curl_easy_setopt(curl->easy, CURLOPT_CAINFO_BLOB, &blob) == CURLE_OK &&
                  curl_easy_setopt(curl->easy, CURLOPT_CAPATH, NULL) == CURLE_OK;
        if (!is_read)
            base_error_set(error, "'%s' holds no usable PEM certificates", BASE_CUT(cafile));
    }
    base_buffer_done(&text);
    return is_read;
}

static void set_options(http_curl *curl, const http_curl_options *options, bool plain)
{
    curl_easy_setopt(curl->easy, CURLOPT_URL, options->url);
    curl_easy_setopt(curl->easy, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(curl->easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl->easy, CURLOPT_FOLLOWLOCATION, options->follows ? 1L : 0L);
    curl_easy_setopt(curl->easy, CURLOPT_MAXREDIRS, REDIRECTS_MAX);
    curl_easy_setopt(curl->easy, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS_MAX);
    curl_easy_setopt(curl->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl->easy, CURLOPT_ERRORBUFFER, curl->text);
    if (plain && !options->allows_http)
        curl_easy_setopt(curl->easy, CURLOPT_PROXY, "");
    set_routes(curl, options->connect_to);
}

bool http_curl_init(http_curl *curl, const http_curl_options *options, base_error *error)
{
    bool plain;

    memset(curl, 0, sizeof *curl);
    if (!is_allowed(options, &plain, error))
        return false;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || (curl->easy = curl_easy_init()) == NULL)
        base_out_of_memory();
    set_options(curl, options, plain);
    if (set_trust(curl, options->cafile, error))
        return true;
    http_curl_done(curl);
    return false;
}

void http_curl_done(http_curl *curl)
{
    if (curl->easy == NULL)
        return;
    curl_easy_cleanup(curl->easy);
    curl_slist_free_all(curl->headers);
    curl_slist_free_all(curl->routes);
    curl_global_cleanup();
    curl->easy = NULL;
}

void http_curl_add_header(http_curl *curl, const char *line)
{
    curl->headers = curl_slist_append(curl->headers, line);
    curl_easy_setopt(curl->easy, CURLOPT_HTTPHEADER, curl->headers);
}

const char *http_curl_reason(const http_curl *curl, CURLcode code)
{
    return curl->text[0] != '\0' ? curl->text : curl_easy_strerror(code);
}
