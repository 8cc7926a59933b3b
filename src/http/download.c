#include "http/download.h"

#include "http/curl.h"

#include "base/progress.h"
#include "holdfast/host.h"

#include <string.h>
#include <strings.h>

#define SECONDS_MAX 300L
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

static int on_progress(void *self, curl_off_t all, curl_off_t done, curl_off_t unused, curl_off_t unused_too)
{
    (void)unused, (void)unused_too;
    if (all > 0)
        base_progress_tell(self, (uint64_t)done, (uint64_t)all, (uint64_t)done / 1024);
    return 0;
}

static void set_options(http_curl *curl, http_download *d, base_progress *progress)
{
    char line[HTTP_DOWNLOAD_TAG_MAX + 32];

    curl_easy_setopt(curl->easy, CURLOPT_TIMEOUT, SECONDS_MAX);
    curl_easy_setopt(curl->easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl->easy, CURLOPT_FILETIME, 1L);
    curl_easy_setopt(curl->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl->easy, CURLOPT_WRITEDATA, d);
    curl_easy_setopt(curl->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl->easy, CURLOPT_HEADERDATA, d);
    curl_easy_setopt(curl->easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl->easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl->easy, CURLOPT_XFERINFODATA, progress);
    if (d->tag[0] == '\0')
        return;
    snprintf(line, sizeof line, "If-None-Match: %s", d->tag);
    http_curl_add_header(curl, line);
}

static bool read_result(http_curl *curl, CURLcode code, http_download *d, base_error *error)
{
    curl_off_t modified = -1;
    long status = 0;

    curl_easy_getinfo(curl->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl->easy, CURLINFO_FILETIME_T, &modified);
    d->modified = modified >= 0 ? (int64_t)modified : HF_TIME_UNKNOWN;
    d->unchanged = code == CURLE_OK && status == HTTP_NOT_MODIFIED;
    if (d->body->failed)
        base_error_set(error, "%s: the answer is larger than %zu octets", d->url, d->body->max);
    else if (code != CURLE_OK)
        base_error_set(error, "%s: %s", d->url, http_curl_reason(curl, code));
    else if (status != HTTP_OK && !d->unchanged)
        base_error_set(error, "%s: the server answers with status %ld", d->url, status);
    else
        return true;
    return false;
}

bool http_download_run(http_download *download, base_error *error)
{
    const http_curl_options options = {
        .url = download->url, .cafile = download->cafile, .connect_to = download->connect_to, .follows = true};
    base_progress progress;
    http_curl curl;
    bool is_there;

    if (!http_curl_init(&curl, &options, error))
        return false;
    set_options(&curl, download, &progress);
    base_progress_begin(&progress, "fetching");
    progress.unit = "KiB";
    is_there = read_result(&curl, curl_easy_perform(curl.easy), download, error);
    base_progress_end(&progress);
    http_curl_done(&curl);
    return is_there;
}
