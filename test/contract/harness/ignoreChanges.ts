import { IGNORED_INPUT } from "../../../provider/stateKeys.ts";
import { omitIgnoredChanges } from "../../engine/standIn/deploy/diff.ts";
import { parsePath } from "../../engine/standIn/values/path.ts";
import type { PropertyMap } from "../../engine/standIn/values/value.ts";
import type { Values } from "../subject/subject.ts";

/** Returns the hidden input by which the program half tells the option `ignoreChanges`; none without the option. */
export function tellIgnored(paths: readonly string[]): Values {
	if (paths.length === 0) return {};
	const told = paths.map((path) => JSON.stringify(parsePath(path)));
	return { [IGNORED_INPUT]: `[${[...new Set(told)].sort().join(",")}]` };
}

/** Returns what the engine passes to `check`: the old inputs at these paths, except the program half's own. */
export function keepIgnored(paths: readonly string[], olds: Values, news: Values): Values {
	const isHidden = (name: string): boolean => name.startsWith("__");
	const names = Object.keys({ ...olds, ...news }).filter((name) => !isHidden(name));
	const expanded = paths.flatMap((path) => (path === "*" ? names : [path]));
	return omitIgnoredChanges(news as PropertyMap, olds as PropertyMap, expanded).inputs;
}
