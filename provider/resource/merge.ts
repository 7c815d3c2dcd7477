import { isObject, type Values } from "../values.ts";
import type { ResourceType } from "./resourceType.ts";
import { listFieldNames } from "./schema.ts";

/** The values that are merged. */
interface MergeLayers {
	/** The object's current values, secrets included. */
	readonly live: Values;
	/** The inputs. */
	readonly declared: Values;
	/** Paths that are no longer declared and must be reset to their default. */
	readonly unset: readonly string[];
}

/**
 * Returns the whole object to write: the live values, overlaid with the declared ones, and with everything that is no longer declared
 * reset to its default. A PUT replaces the whole object, so values that nobody declares must be carried over.
 */
export function mergeDesired<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	{ live, declared, unset }: MergeLayers,
): Values {
	const merged: Record<string, unknown> = { ...declared };
	for (const name of listFieldNames(resourceType.schema, "managed")) {
		const value = overlayValue(live[name], declared[name]);
		if (value !== undefined) merged[name] = value;
	}
	for (const path of unset) resetPath(merged, path, resourceType.defaults?.[path]);
	return resourceType.normalizeDesired?.(merged) ?? merged;
}

/** Returns only the parts of `values` at the given paths. */
export function pickPaths(
	values: Values,
	paths: Pick<ReadonlySet<string>, "has">,
	prefix = "",
): Record<string, unknown> {
	const picked: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(values)) {
		const path = prefix + name;
		if (paths.has(path)) picked[name] = value;
		else if (isObject(value)) {
			const inner = pickPaths(value, paths, `${path}.`);
			if (Object.keys(inner).length > 0) picked[name] = inner;
		}
	}
	return picked;
}

function overlayValue(base: unknown, override: unknown): unknown {
	if (override === undefined || override === null) return base;
	if (!isObject(base) || !isObject(override)) return override;
	const merged: Record<string, unknown> = { ...base };
	for (const [name, value] of Object.entries(override)) merged[name] = overlayValue(base[name], value);
	return merged;
}

function resetPath(values: Record<string, unknown>, path: string, defaultValue: unknown): void {
	const dot = path.indexOf(".");
	if (dot < 0) {
		if (defaultValue === undefined) delete values[path];
		else values[path] = defaultValue;
		return;
	}
	const inner = values[path.slice(0, dot)];
	if (!isObject(inner)) return;
	const copy = { ...inner };
	resetPath(copy, path.slice(dot + 1), defaultValue);
	values[path.slice(0, dot)] = copy;
}
