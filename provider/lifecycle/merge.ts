import { namesWithRole } from "./facets.ts";
import type { Kind, Values } from "./kind.ts";
import { isObject } from "./plain.ts";

/** What is to be laid over what. */
interface Layers {
	/** The object's values now, secrets included. */
	readonly live: Values;
	/** The inputs. */
	readonly declared: Values;
	/** Paths that used to be declared and must go back to their default. */
	readonly released: readonly string[];
}

/**
 * The whole object to write: what is live, with everything declared laid over it and everything no longer declared
 * put back to its default. A PUT replaces the whole object, so whatever nobody declares must be carried over.
 */
export function desiredOf<Inputs extends object>(
	kind: Kind<Inputs>,
	{ live, declared, released }: Layers,
): Values {
	const merged: Record<string, unknown> = { ...declared };
	for (const name of namesWithRole(kind.fields, "managed")) {
		const value = overlay(live[name], declared[name]);
		if (value !== undefined) merged[name] = value;
	}
	for (const path of released) reset(merged, path, kind.defaults[path]);
	return kind.tidy(merged);
}

/** The parts of `values` at the given paths, nothing else. */
export function pick(values: Values, paths: ReadonlySet<string>, prefix = ""): Record<string, unknown> {
	const picked: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(values)) {
		const path = prefix + name;
		if (paths.has(path)) picked[name] = value;
		else if (isObject(value)) {
			const inner = pick(value, paths, `${path}.`);
			if (Object.keys(inner).length > 0) picked[name] = inner;
		}
	}
	return picked;
}

function overlay(under: unknown, over: unknown): unknown {
	if (over === undefined || over === null) return under;
	if (!isObject(under) || !isObject(over)) return over;
	const merged: Record<string, unknown> = { ...under };
	for (const [name, value] of Object.entries(over)) merged[name] = overlay(under[name], value);
	return merged;
}

function reset(values: Record<string, unknown>, path: string, fallback: unknown): void {
	const dot = path.indexOf(".");
	if (dot < 0) {
		if (fallback === undefined) delete values[path];
		else values[path] = fallback;
		return;
	}
	const inner = values[path.slice(0, dot)];
	if (!isObject(inner)) return;
	const copy = { ...inner };
	reset(copy, path.slice(dot + 1), fallback);
	values[path.slice(0, dot)] = copy;
}
