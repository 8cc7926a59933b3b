#include "http/download.h"

#include "base/progress.h"
#include "holdfast/host.h"
#include "holdfast/url.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#define SECONDS_MAX 300L
#define CONNECT_SECONDS_MAX 30L
#define REDIRECTS_MAX 5L
#define HTTP_NOT_MODIFIED 304
#define HTTP_OK 200

static size_t on_body(char *data, size_t size, size_t count, void *self)
{
    const http_download *d = self;

    base_buffer_append(d->body, data, size * count);
    return d->body->failed ? 0 : size * count;
}

/* A tag that does not fit is none: the next download is whole, and that is all. */
static size_t on_header(char *data, size_t size, size_t count, void *self)
{
    http_download *d = self;
    size_t length = size * count, start = 5;

    if (length > 5 && strncasecmp(data, "HTTP/", 5) == 0)
        d->tag[0] = '\0';
    if (length <= 5 || strncasecmp(data, "etag:", 5) != 0)
        return length;
    while (start < length && data[start] == ' ')
        start++;
    size_t end = start;
    while (end < length && data[end] > ' ' && data[end] < 0x7f)
        end++;
    if (end - start < sizeof d->tag) {
        memcpy(d->tag, data + start, end - start);
        d->tag[end - start] = '\0';
    }
    return length;
}

static bool is_this_machine(const hf_host *host)
{
    return hf_host_is_localhost(host) || (host->kind == HF_HOST_IPV4 && strncmp(host->name, "127.", 4) == 0);
}

/* Whoever sits on the way could hand out any list over http; but not on the way from a machine to itself. */
static bool is_allowed(const char *text, base_error *error)
{
    hf_url url;

    if (hf_url_parse(text, strlen(text), NULL, &url, NULL) != HF_OK ||
        (url.scheme != HF_SCHEME_HTTPS && url.scheme != HF_SCHEME_HTTP)) {
        base_error_set(error, "'%s' is no https URL", BASE_CUT(text));
        return false;
    }
    if (url.scheme == HF_SCHEME_HTTPS || is_this_machine(&url.host))
        return true;
    base_error_set(error, "'%s': over plain http anybody on the way could change the list: write https",
                   BASE_CUT(text));
    return false;
}

static int on_progress(void *self, curl_off_t all, curl_off_t done, curl_off_t unused, curl_off_t unused_too)
{
    (void)unused, (void)unused_too;
    if (all > 0)
        base_progress_tell(self, (uint64_t)done, (uint64_t)all, (uint64_t)done / 1024);
    return 0;
}

/* What curl keeps no copy of. */
typedef struct lists {
    struct curl_slist *headers, *routes;
} lists;

static void set_lists(CURL *curl, const http_download *d, lists *l)
{
    for (size_t i = 0; d->connect_to != NULL && i < d->connect_to->count; i++)
        l->routes = curl_slist_append(l->routes, d->connect_to->items[i]);
    curl_easy_setopt(curl, CURLOPT_CONNECT_TO, l->routes);
    if (d->tag[0] != '\0') {
        char line[HTTP_DOWNLOAD_TAG_MAX + 32];
        snprintf(line, sizeof line, "If-None-Match: %s", d->tag);
        l->headers = curl_slist_append(NULL, line);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, l->headers);
    }
}

static void set_options(CURL *curl, http_download *d, char *text, base_progress *progress)
{
    curl_easy_setopt(curl, CURLOPT_URL, d->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, REDIRECTS_MAX);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS_MAX);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, SECONDS_MAX);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_FILETIME, 1L);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, text);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, d);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, d);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, progress);
    if (d->cafile != NULL) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, d->cafile);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
    /* What may come over http comes from this very machine, and goes by no proxy. */
    if (strncasecmp(d->url, "http:", 5) == 0)
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
}

static bool read_result(CURL *curl, CURLcode code, const char *text, http_download *d, base_error *error)
{
    curl_off_t modified = -1;
    long status = 0;

    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_FILETIME_T, &modified);
    d->modified = modified >= 0 ? (int64_t)modified : HF_TIME_UNKNOWN;
    d->unchanged = code == CURLE_OK && status == HTTP_NOT_MODIFIED;
    if (d->body->failed)
        base_error_set(error, "%s: the answer is larger than %zu octets", d->url, d->body->max);
    else if (code != CURLE_OK)
        base_error_set(error, "%s: %s", d->url, *text != '\0' ? text : curl_easy_strerror(code));
    else if (status != HTTP_OK && !d->unchanged)
        base_error_set(error, "%s: the server answers with status %ld", d->url, status);
    else
        return true;
    return false;
}

bool http_download_run(http_download *download, base_error *error)
{
    char text[CURL_ERROR_SIZE] = "";
    base_progress progress;
    lists l = {NULL, NULL};
    CURL *curl;
    bool is_there;

    if (!is_allowed(download->url, error))
        return false;
    curl = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_easy_init() : NULL;
    if (curl == NULL) {
        base_error_set(error, "%s: out of memory", download->url);
        return false;
    }
    set_options(curl, download, text, &progress);
    set_lists(curl, download, &l);
    base_progress_begin(&progress, "fetching");
    progress.unit = "KiB";
    is_there = read_result(curl, curl_easy_perform(curl), text, download, error);
    base_progress_end(&progress);
    curl_slist_free_all(l.headers);
    curl_slist_free_all(l.routes);
    curl_easy_cleanup(curl);
    curl_global_cleanup();
    return is_there;
}
