#include "formats.h"

#include "row.h"

#define HEAD_MAX 4096

/* Those that can be told by their first octets come first. */
#define FORMAT_MAP(X)                                                                                                  \
    X(libsoup)                                                                                                         \
    X(safari)                                                                                                          \
    X(chromium)                                                                                                        \
    X(firefox)                                                                                                         \
    X(curl)                                                                                                            \
    X(wget2)                                                                                                           \
    X(firefox_txt)                                                                                                     \
    X(wget)

#define FORMAT_X(name) extern const hf_format hf__format_##name;
FORMAT_MAP(FORMAT_X)
#undef FORMAT_X

static const hf_format *const formats[] = {
#define FORMAT_X(name) &hf__format_##name,
    FORMAT_MAP(FORMAT_X)
#undef FORMAT_X
        NULL,
};

const hf_format *const *hf_formats(void)
{
    return formats;
}

const hf_format *hf_format_find(const char *name)
{
    for (const hf_format *const *format = formats; *format != NULL; format++) {
        if (strcmp((*format)->name, name) == 0)
            return *format;
    }
    return NULL;
}

const hf_format *hf_format_detect(const hf_input *input)
{
    char head[HEAD_MAX];
    size_t length;

    if (!input->read(input->self, 0, head, sizeof head, &length) || length > sizeof head)
        return NULL;
    for (const hf_format *const *format = formats; *format != NULL; format++) {
        if ((*format)->detect(*format, (hf_span){head, length}, input->length))
            return *format;
    }
    return NULL;
}

static void overlook(void *self, const hf_row_damage *damage)
{
    (void)self;
    (void)damage;
}

hf_status hf_format_read(const hf_format *format, const hf_input *input, const hf_format_options *options,
                         const hf_row_visitor *visitor)
{
    if (format == NULL || input == NULL || visitor == NULL || visitor->row == NULL)
        return HF_E_ARGUMENT;
    if (format->max_octets > 0 && input->length > format->max_octets)
        return HF_E_FORMAT_SIZE;
    hf_row_visitor whole = *visitor;
    if (whole.damage == NULL)
        whole.damage = overlook;
    return format->read(format, input, hf__options(options), &whole);
}
