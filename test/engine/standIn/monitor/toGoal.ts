import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Alias as RpcAlias } from "@pulumi/pulumi/proto/alias_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { SourcePosition, StackTrace } from "@pulumi/pulumi/proto/source_pb";
import type { Alias, Goal } from "../deploy/goal.ts";
import type { CustomTimeouts } from "../state/resourceState.ts";
import { parsePath } from "../values/path.ts";
import { readJsonValue } from "../values/wire.ts";

/** Reads the goal of a registration (pkg/resource/deploy/source_eval.go, `RegisterResource`). */
export function toGoal(request: RegisterResourceRequest, root: string, parent: Goal | undefined): Goal {
	const found = new Map<string, Set<string>>();
	const properties = readProperties(request, found);
	return {
		type: request.getType(),
		name: request.getName(),
		custom: request.getCustom(),
		properties,
		parent: request.getParent(),
		protect: request.hasProtect() ? request.getProtect() : parent?.protect,
		retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : parent?.retainOnDelete,
		deletedWith: request.getDeletedwith() || (parent?.deletedWith ?? ""),
		dependencies: [...new Set(request.getDependenciesList())],
		provider: "",
		propertyDependencies: readPropertyDependencies(request, Object.keys(properties), found),
		deleteBeforeReplace:
			request.getDeletebeforereplacedefined() || request.getDeletebeforereplace()
				? request.getDeletebeforereplace()
				: undefined,
		ignoreChanges: request.getIgnorechangesList(),
		additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
		aliases: [
			...request.getAliasurnsList().map((urn) => ({ urn })),
			...request.getAliasesList().map((alias) => toAlias(alias)),
		],
		customTimeouts: readTimeouts(request),
		replaceOnChanges: request.getReplaceonchangesList(),
		replacementTrigger: readJsonValue(request.getReplacementTrigger()?.toJavaScript() ?? null),
		replaceWith: request.getReplaceWithList(),
		hideDiff: request.getHidediffsList().flatMap((path) => [parsePath(path) ?? []]),
		sourcePosition: formatPosition(root, request.getSourceposition()),
		stackTrace: listStackFrames(root, request.getStacktrace()),
	};
}

function readProperties(
	request: RegisterResourceRequest,
	found: Map<string, Set<string>>,
): Goal["properties"] {
	const json = request.getObject()?.toJavaScript() ?? {};
	const read = (name: string, value: unknown): ReturnType<typeof readJsonValue> => {
		const urns = new Set<string>();
		found.set(name, urns);
		return readJsonValue(value, (urn) => urns.add(urn));
	};
	return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, read(name, value)]));
}

function readPropertyDependencies(
	request: RegisterResourceRequest,
	names: readonly string[],
	found: ReadonlyMap<string, ReadonlySet<string>>,
): Record<string, readonly string[]> | undefined {
	const given = request.getPropertydependenciesMap();
	const all = request.getDependenciesList();
	const entries = names.map((name): [string, readonly string[]] => {
		const own = given.getLength() === 0 ? all : (given.get(name)?.getUrnsList() ?? []);
		return [name, [...new Set([...own, ...(found.get(name) ?? [])])]];
	});
	return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function toAlias(alias: RpcAlias): Alias {
	const spec = alias.getSpec();
	if (spec === undefined) return { urn: alias.getUrn() };
	return {
		name: spec.getName(),
		type: spec.getType(),
		stack: spec.getStack(),
		project: spec.getProject(),
		parent: spec.getParenturn(),
		noParent: spec.getNoparent(),
	};
}

function readTimeouts(request: RegisterResourceRequest): CustomTimeouts {
	const timeouts = request.getCustomtimeouts();
	const named = {
		create: parseSeconds(timeouts?.getCreate() ?? ""),
		update: parseSeconds(timeouts?.getUpdate() ?? ""),
		delete: parseSeconds(timeouts?.getDelete() ?? ""),
	};
	return Object.fromEntries(Object.entries(named).filter(([, value]) => value > 0));
}

const UNITS: Readonly<Record<string, number>> = {
	h: 3600,
	m: 60,
	s: 1,
	ms: 1e-3,
	us: 1e-6,
	µs: 1e-6,
	ns: 1e-9,
};

/** Parses a duration in Go's format ("1h30m", "500ms") into seconds; an empty one is 0 (`time.ParseDuration`). */
export function parseSeconds(text: string): number {
	const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/gu)];
	if (parts.map(([part]) => part).join("") !== text)
		throw new Error(`unable to parse customTimeout value ${text}`);
	return parts.reduce((sum, [, count = "0", unit = "s"]) => sum + Number(count) * (UNITS[unit] ?? 1), 0);
}

/** Formats the program position of a registration, relative to the project (pkg/resource/deploy/source_eval.go). */
export function formatPosition(root: string, position: SourcePosition | undefined): string {
	const uri = position?.getUri() ?? "";
	if (position === undefined || !uri.startsWith("file:")) return "";
	const path = relative(root, fileURLToPath(uri)).split(sep).join("/");
	const column = position.getColumn() === 0 ? "" : `,${position.getColumn()}`;
	return `project:///${path}#${position.getLine()}${column}`;
}

/** Lists the stack frames of a registration; those outside files are empty. */
export const listStackFrames = (root: string, trace: StackTrace | undefined): { sourcePosition?: string }[] =>
	(trace?.getFramesList() ?? []).map((frame) => {
		const sourcePosition = formatPosition(root, frame.getPc());
		return sourcePosition === "" ? {} : { sourcePosition };
	});
