#include "lab/lab.h"

#include "lab/hosts.h"

#include "base/memory.h"
#include "net/mint.h"
#include "net/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY 86400
#define BODY "<!doctype html><title>Holdfast lab</title>\n"

struct lab {
    base_arena arena;
    net_authority *root, *intermediate;
    lab_host *hosts;
    net_tls_identity **identities;
    net_server **servers;
    char *folder, *cafile;
};

/* -- The authority ------------------------------------------------------------------------------------------------------------ */

static bool make_folder(lab *l, base_error *error)
{
    const char *where = getenv("TMPDIR");

    l->folder =
        base_arena_format(&l->arena, "%s/holdfast-lab-XXXXXX", where != NULL && *where != '\0' ? where : "/tmp");
    if (mkdtemp(l->folder) == NULL) {
        base_error_set(error, "cannot make the folder %s: %s", l->folder, strerror(errno));
        l->folder = NULL;
        return false;
    }
    l->cafile = base_arena_format(&l->arena, "%s/ca.pem", l->folder);
    return true;
}

static bool make_authority(lab *l, int64_t at, base_error *error)
{
    l->root = net_authority_new("Holdfast lab root", NULL, at - LAB_SPAN, at + LAB_SPAN);
    if (l->root != NULL)
        l->intermediate =
            net_authority_new("Holdfast lab authority", l->root, at - 1825 * (int64_t)DAY, at + 1825 * (int64_t)DAY);
    if (l->intermediate == NULL) {
        base_error_set(error, "cannot make the lab's authority");
        return false;
    }
    if (net_authority_write(l->root, l->cafile))
        return true;
    base_error_set(error, "cannot write %s: %s", l->cafile, strerror(errno));
    return false;
}

/* -- The hosts ---------------------------------------------------------------------------------------------------------------- */

static net_tls_identity *make_identity(const lab *l, const lab_recipe *recipe, int64_t at)
{
    const char *own[] = {recipe->name, NULL}, *another[] = {"another.test", NULL};
    net_mint mint = {.names = own, .issuer = l->intermediate, .not_before = at - 30 * DAY, .not_after = at + 60 * DAY};

    switch (recipe->certificate) {
    case LAB_GOOD:
        break;
    case LAB_EXPIRED:
        mint.not_before = at - 91 * DAY;
        mint.not_after = at - DAY;
        break;
    case LAB_WRONG_NAME:
        mint.names = another;
        break;
    case LAB_SELF_SIGNED:
        mint.issuer = NULL;
        break;
    }
    return net_tls_identity_new(&mint);
}

static bool start_host(lab *l, net_loop *loop, size_t i, int64_t at, base_error *error)
{
    const lab_recipe *recipe = &lab_recipes[i];
    const char *response =
        base_arena_format(&l->arena,
                          "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %zu\r\nConnection: close\r\n"
                          "%s\r\n" BODY,
                          strlen(BODY), recipe->header);

    l->identities[i] = make_identity(l, recipe, at);
    if (l->identities[i] != NULL)
        l->servers[i] = net_server_new(loop, l->identities[i], response);
    if (l->servers[i] == NULL) {
        base_error_set(error, "cannot start %s", recipe->name);
        return false;
    }
    l->hosts[i] = (lab_host){recipe->name, recipe->fault, recipe->expected, net_server_port(l->servers[i])};
    return true;
}

lab *lab_new(net_loop *loop, int64_t at, base_error *error)
{
    lab *l = base_allocate(sizeof *l);

    l->hosts = base_arena_take(&l->arena, lab_recipe_count * sizeof *l->hosts);
    l->identities = base_arena_take(&l->arena, lab_recipe_count * sizeof *l->identities);
    l->servers = base_arena_take(&l->arena, lab_recipe_count * sizeof *l->servers);
    if (!make_folder(l, error) || !make_authority(l, at, error))
        goto failed;
    for (size_t i = 0; i < lab_recipe_count; i++)
        if (!start_host(l, loop, i, at, error))
            goto failed;
    return l;
failed:
    lab_free(l);
    return NULL;
}

void lab_free(lab *l)
{
    if (l == NULL)
        return;
    for (size_t i = 0; i < lab_recipe_count; i++) {
        net_server_free(l->servers[i]);
        net_tls_identity_free(l->identities[i]);
    }
    net_authority_free(l->intermediate);
    net_authority_free(l->root);
    if (l->folder != NULL) {
        unlink(l->cafile);
        rmdir(l->folder);
    }
    base_arena_done(&l->arena);
    free(l);
}

const lab_host *lab_hosts(const lab *l, size_t *count)
{
    *count = lab_recipe_count;
    return l->hosts;
}

const char *lab_cafile(const lab *l)
{
    return l->cafile;
}
