/* Host names: whatever comes in, what comes out is canonical, within the limits, and canonical again. */
#include <holdfast/host.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

/* A hostile hook: answers with the octets of the label, whatever they are, cut and with the high bit removed. */
static bool strip_high_bits(void *self, const char *label, size_t length, char *out, size_t capacity,
                            size_t *out_length)
{
    (void)self;
    *out_length = length < capacity ? length : capacity;
    for (size_t i = 0; i < *out_length; i++)
        out[i] = (char)(label[i] & 0x7f);
    return label[0] != '\xff';
}

static void check_labels(const hf_host *host)
{
    size_t label = 0;

    for (size_t i = 0; i < host->length; i++) {
        unsigned char c = (unsigned char)host->name[i];
        check(c > 0x20 && c < 0x7f && !(c >= 'A' && c <= 'Z'));
        label = c == '.' ? 0 : label + 1;
        check(c != '.' || (i > 0 && host->name[i - 1] != '.'));
        check(label <= HF_LABEL_MAX);
    }
    check(label > 0);
}

static void check_host(const hf_host *host)
{
    hf_host again;

    check(host->length > 0 && host->length <= HF_HOST_MAX && strlen(host->name) == host->length);
    check(host->kind != HF_HOST_OTHER);
    if (host->kind == HF_HOST_NAME)
        check_labels(host);
    check(hf_host_parse(host->name, host->length, NULL, &again, NULL) == HF_OK);
    check(again.kind == host->kind && again.length == host->length && strcmp(again.name, host->name) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const hf_idna idna = {strip_high_bits, NULL};
    hf_host host;
    hf_diag diag;
    hf_status status = hf_host_parse((const char *)data, size, &idna, &host, &diag);

    if (status == HF_OK) {
        check_host(&host);
        hf_host_is_localhost(&host);
    } else {
        check(diag.status == status && diag.offset <= size && diag.length <= size - diag.offset);
    }
    if (hf_host_parse((const char *)data, size, NULL, &host, NULL) == HF_OK)
        check_host(&host);
    return 0;
}
