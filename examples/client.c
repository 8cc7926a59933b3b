/* What an HTTP client does: note a response, and ask before each request that follows. */
#include <holdfast/holdfast.h>
#include <stdio.h>
#include <stdlib.h>

static void die(hf_status status)
{
    if (status == HF_OK)
        return;
    fprintf(stderr, "%s\n", hf_status_text(status));
    exit(1);
}

/* After a response: the fields as they came, and how they came. */
static void after_response(hf_hosts *hosts, const hf_url *url, const hf_field *fields, size_t count, int64_t now)
{
    hf_response response = hf_response_init();
    hf_noted noted;

    response.now = now;
    response.secure = url->scheme == HF_SCHEME_HTTPS;
    die(hf_hosts_note_fields(hosts, &url->host, fields, count, &response, &noted));
    printf("%s: %s\n", url->host.name, hf_noted_text(noted));
}

/*
 * Before a request: the URL to fetch. Fetch what is written into `out`, upgraded or not, and never `text` itself:
 * another reader may find another host in it than the one that was decided about.
 */
static void before_request(const hf_hosts *hosts, const char *text, int64_t now)
{
    hf_known known = {.hosts = hosts};
    hf_verdict verdict = hf_verdict_init();
    size_t capacity = HF_URL_WRITTEN_MAX(strlen(text)), length;
    char *out = malloc(capacity);
    hf_url url;

    die(out != NULL ? HF_OK : HF_E_MEMORY);
    die(hf_url_parse(text, strlen(text), NULL, &url, NULL));
    die(hf_decide_url(&known, &url, (hf_span){NULL, 0}, now, &verdict));
    if (verdict.upgrade)
        die(hf_url_upgrade(&url, text, strlen(text), out, capacity, &length));
    else
        die(hf_url_write(&url, text, strlen(text), out, capacity, &length));
    printf("%s -> %s\n    %s\n", text, out, hf_reason_text(verdict.reason));
    free(out);
}

int main(void)
{
    static const char visited[] = "https://example.com/";
    static const hf_field fields[] = {{{"strict-transport-security", 25}, {"max-age=3600; includeSubDomains", 31}}};
    const int64_t now = 1000;
    hf_hosts *hosts;
    hf_url url;

    die(hf_hosts_new(NULL, &hosts));
    die(hf_url_parse(visited, strlen(visited), NULL, &url, NULL));
    after_response(hosts, &url, fields, 1, now);
    before_request(hosts, "http://www.example.com:80/login", now + 1);
    before_request(hosts, "http://example.org/", now + 1);
    before_request(hosts, "http://example.org\\@www.example.com/", now + 1);
    before_request(hosts, "http://example.com/", now + 3601);
    hf_hosts_free(hosts);
    return 0;
}
