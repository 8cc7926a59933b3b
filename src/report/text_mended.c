#include "report/text_mended.h"

#include "report/row.h"

static void add_request(base_table *table, const facts_issuer_request *request)
{
    if (request->failure != NULL)
        report_row(table, BASE_STYLE_BAD, "asked for issuer", "%s: %s", request->url, request->failure);
    else
        report_row(table, BASE_STYLE_PLAIN, "asked for issuer", "%s: %zu certificate%s, %s", request->url,
                   request->count, request->count == 1 ? "" : "s", request->form);
}

void report_text_mended(base_table *table, const facts_mended *mended)
{
    if (!mended->wanted)
        return;
    for (size_t i = 0; i < mended->request_count; i++)
        add_request(table, &mended->requests[i]);
    for (size_t i = 0; mended->found && i < mended->tls.certificate_count; i++)
        report_row(table, BASE_STYLE_PLAIN, i == 0 ? "chain to send" : "", "%s", mended->tls.certificates[i].subject);
    if (!mended->found)
        report_row(table, BASE_STYLE_BAD, "chain to send", "none: no path leads to a trusted root");
    if (mended->written != NULL)
        report_row(table, BASE_STYLE_GOOD, "written to", "%s", mended->written);
}
