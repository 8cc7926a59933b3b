#include "config/nginx_rules.h"

void nginx_judge_servers(const nginx_judging *judging)
{
    (void)judging;
}
