/* wget's ~/.wget-hsts: TABs between the fields, and port 0 for 443. wget keeps hosts by port; RFC 6797 does not. */
#include "formats.h"
#include "wget_row.h"

static const char header[] = "# HSTS 1.0 Known Hosts database for GNU Wget.\n"
                             "# Edit at your own risk.\n"
                             "# <hostname>\t<port>\t<incl. subdomains>\t<created>\t<max-age>\n";

static size_t print(const hf_row *row, const hf_format_options *options, char *out, hf_losses *losses)
{
    return hf__wget_print(row, options, &(hf__wget_form){.blank = '\t'}, out, losses);
}

static const hf__text text = {header, "# HSTS 1.0 Known Hosts", false, hf__wget_parse, print};

const hf_format hf__format_wget = {
    .name = "wget",
    .description = "wget's ~/.wget-hsts",
    .max_octets = HF__OCTETS_MAX,
    .writes = true,
    .always_lost = HF__WGET_LOST,
    HF__TEXT_FUNCTIONS(&text),
};
