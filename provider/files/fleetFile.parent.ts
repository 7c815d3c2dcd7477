import { type FileFault, type Place, quoted } from "./fileFault.ts";
import type { DeviceFacts } from "./fleetFile.facts.ts";
import { kindOf, type Located } from "./located.ts";
import type { Said } from "./shape.ts";

/** The parent of a device, and where the file says so. */
export interface Parent extends Place {
	readonly id: string;
	/** The name that the file has for it: `deviceScope`. */
	readonly name: string;
}

/** What must be known of a device. */
interface Child {
	readonly id: string | undefined;
	readonly iotEdge: boolean | undefined;
}

/** The parent, by its id or by its scope. */
export function parentIn(
	facts: DeviceFacts,
	child: Child,
	fault: (fault: FileFault) => void,
): Parent | undefined {
	const tell = (text: string, { line, column }: Place) => {
		fault({ line, column, text });
		return undefined;
	};
	const named = facts.get("parent");
	const byName = named && nameIn(named, tell);
	const scope = scopeIn(facts, child, tell);
	const byScope = scope && idIn(scope, tell);
	if (byName && byScope && byName.id !== byScope.id)
		return tell(`${named?.name} and ${scope.name} name two parents; a device has one`, byName);
	// A gateway that does not say that it is one may come with its own scope.
	return byName ?? (byScope?.id === child.id ? undefined : byScope);
}

type Tell = (text: string, place: Place) => undefined;

function nameIn({ name, value }: Said, tell: Tell): Parent | undefined {
	const id = textOf(value);
	if (id === undefined) {
		const remedy = value.kind === "scalar" ? "; put it in quotes" : "";
		return tell(`${name} takes the id of a gateway, a text, not ${kindOf(value)}${remedy}`, value);
	}
	return id === "" ? undefined : { id, line: value.line, column: value.column, name };
}

/** A leaf has its parent's scope as its own; a gateway has one of its own, and its parent's in a list. */
function scopeIn(facts: DeviceFacts, { iotEdge }: Child, tell: Tell): Said | undefined {
	const own = facts.get("deviceScope");
	const list = facts.get("parentScopes");
	if (iotEdge !== true && own !== undefined && textOf(own.value) !== "") return own;
	if (list === undefined) return undefined;
	const { name, value } = list;
	if (value.kind !== "list") return tell(`${name} takes a list, not ${kindOf(value)}`, value);
	const [first, second] = value.items;
	if (second !== undefined)
		return tell(`${name} names ${value.items.length} parents; a device has one`, value);
	return first && { name, value: first };
}

/** The scope's number is the gateway's generation, which another hub, or another life of it, does not have. */
const SCOPE = /^ms-azure-iot-edge:\/\/(.+)-\d*$/;

function idIn({ name, value }: Said, tell: Tell): Parent | undefined {
	const scope = textOf(value);
	const [, id] = SCOPE.exec(scope ?? "") ?? [];
	const { line, column } = value;
	if (id !== undefined) return { id, line, column, name };
	const given = scope === undefined ? kindOf(value) : quoted(scope);
	return tell(`${name} is ${given} and no scope (ms-azure-iot-edge://…); name the gateway in parent`, value);
}

function textOf(value: Located): string | undefined {
	return value.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
}
