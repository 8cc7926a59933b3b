/* wget's ~/.wget-hsts: TABs between the fields, and port 0 for 443. wget keeps hosts by port; RFC 6797 does not. */
#include "formats.h"
#include "wget_row.h"

static const char header[] = "# HSTS 1.0 Known Hosts database for GNU Wget.\n"
                             "# Edit at your own risk.\n"
                             "# <hostname>\t<port>\t<incl. subdomains>\t<created>\t<max-age>\n";

static size_t print(const hf_row *row, const hf_format_options *options, char *out, hf_losses *losses)
{
    return hf__wget_print(row, options, '\t', 0, out, losses);
}

static const hf__text text = {header, hf__wget_parse, print};

static bool detect(hf_span head, uint64_t length)
{
    (void)length;
    return (head.length >= 22 && memcmp(head.data, header, 22) == 0) || hf__text_detect(&text, head);
}

static hf_status read(const hf_input *input, const hf_format_options *options, const hf_row_visitor *visitor)
{
    return hf__text_read(&text, input, options, visitor);
}

static hf_status begin(hf_format_writer *writer)
{
    return hf__text_begin(&text, writer);
}

static hf_status add(hf_format_writer *writer, const hf_row *row, hf_losses *losses)
{
    return hf__text_add(&text, writer, row, losses);
}

const hf_format hf__format_wget = {
    .name = "wget",
    .description = "wget's ~/.wget-hsts",
    .writes = true,
    .always_lost = HF__WGET_LOST,
    .detect = detect,
    .read = read,
    .begin = begin,
    .add = add,
    .finish = hf__text_finish,
    .discard = hf__text_discard,
};
