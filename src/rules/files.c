/* Files before they are served: the rules for certificates, and what goes wrong with keys. */
#include "rules/families.h"
#include "rules/judge.h"

/* nginx, Apache and the others take the first certificate of the file for the server's own. */
static void judge_key(const rule_context *context, const facts_files *files)
{
    const facts_key_file *key = files->key;
    const facts_hop *hop = &files->names[0].hop;
    const facts_certificate *leaf = hop->exchange.tls.certificates;

    if (key == NULL)
        return;
    if (key->fits < 0)
        rule_add_at(context, finding_at_file(key->path, 0, 0, 0), RULE_CERT_KEY_MISMATCH,
                    "%s is %s of %d bits; %s has another key, %s of %d bits", key->path, key->type, key->bits,
                    leaf->subject, leaf->key_type, leaf->key_bits);
    else if (key->fits > 0)
        rule_add_at(context, rule_certificate_place(hop, key->fits), RULE_CHAIN_LEAF_NOT_FIRST,
                    "%s belongs to certificate %d of the file, %s; the first is %s", key->path, key->fits + 1,
                    hop->exchange.tls.certificates[key->fits].subject, leaf->subject);
    if (key->is_open)
        rule_add_at(context, finding_at_file(key->path, 0, 0, 0), RULE_KEY_READABLE, "%s has mode %04o", key->path,
                    key->mode & 07777u);
}

/* Without a key the first that is no CA's must be it. */
static void judge_first(const rule_context *context, const facts_files *files)
{
    const facts_hop *hop = &files->names[0].hop;
    const facts_tls *tls = &hop->exchange.tls;

    if ((files->key != NULL && files->key->fits >= 0) || !tls->certificates[0].authority)
        return;
    for (size_t i = 1; i < tls->certificate_count; i++)
        if (!tls->certificates[i].authority) {
            rule_add_at(context, rule_certificate_place(hop, (int)i), RULE_CHAIN_LEAF_NOT_FIRST,
                        "the first of %zu is that of a CA, %s; certificate %zu is that of a server, %s",
                        tls->certificate_count, tls->certificates[0].subject, i + 1, tls->certificates[i].subject);
            return;
        }
}

void rule_judge_files(const facts_files *files, int64_t now, base_arena *arena, finding_judgement *judgement)
{
    const rule_context context = {&files->site, arena, judgement, NULL};

    *judgement = (finding_judgement){.now = now, .findings.arena = arena};
    judge_key(&context, files);
    judge_first(&context, files);
    for (size_t i = 0; i < rule_file_family_count; i++)
        rule_file_families[i]->hop(&context, FACTS_HTTPS, 0);
    for (size_t i = 1; i < files->name_count; i++)
        rule_judge_name(&context, &files->names[i].hop);
    finding_sort(&judgement->findings);
}
