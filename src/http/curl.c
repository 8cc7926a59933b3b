#include "http/curl.h"

#include "base/memory.h"
#include "holdfast/host.h"
#include "holdfast/url.h"

#include <string.h>

#define CONNECT_SECONDS_MAX 30L
#define REDIRECTS_MAX 5L

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
    if (options->cafile != NULL) {
        curl_easy_setopt(curl->easy, CURLOPT_CAINFO, options->cafile);
        curl_easy_setopt(curl->easy, CURLOPT_CAPATH, NULL);
    }
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
    return true;
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
