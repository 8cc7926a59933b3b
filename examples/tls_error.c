/* When a handshake fails: may the user be offered a way round it? RFC 6797 8.4 and 12.1: not for a Known HSTS Host. */
#include <holdfast/holdfast.h>
#include <stdio.h>

static void on_tls_error(const hf_known *known, const char *name, int64_t now)
{
    hf_verdict verdict = hf_verdict_init();
    hf_host host;

    if (hf_host_parse(name, strlen(name), NULL, &host, NULL) != HF_OK ||
        hf_decide(known, &host, (hf_span){NULL, 0}, now, &verdict) != HF_OK)
        return;
    printf("%s: %s, because %s\n", name, verdict.tls_errors_fatal ? "stop, no way round" : "ask the user",
           hf_reason_text(verdict.reason));
}

int main(void)
{
    static const hf_preload_entry entries[] = {{"app", true}, {"bank.example", false}};
    static const hf_preload_table table = {entries, 2};
    hf_preload list = hf_preload_init();
    hf_known known = {.preload = &list};

    if (hf_preload_from_table(&table, "example", HF_TIME_UNKNOWN, HF_TIME_NEVER, &list) != HF_OK)
        return 1;
    on_tls_error(&known, "bank.example", 0);
    on_tls_error(&known, "www.bank.example", 0);
    on_tls_error(&known, "my.app", 0);
    on_tls_error(&known, "192.0.2.1", 0);
    return 0;
}
