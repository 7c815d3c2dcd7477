import { type Diagnostic, quoteName, type SourcePosition } from "./diagnostics.ts";
import type { DeviceValues } from "./fleetFile.schema.ts";
import type { SourceValue } from "./objectSchema.ts";
import { describeNodeKind, type SourceNode } from "./sourceNode.ts";

/** The parent of a device, and where the file says so. */
export interface ParentReference extends SourcePosition {
	readonly id: string;
	/** The name that the file has for it: `deviceScope`. */
	readonly name: string;
}

/** What must be known of a device. */
interface ChildDevice {
	readonly id: string | undefined;
	readonly iotEdge: boolean | undefined;
}

/** The parent, by its id or by its scope. */
export function resolveParent(
	values: DeviceValues,
	child: ChildDevice,
	addDiagnostic: (fault: Diagnostic) => void,
): ParentReference | undefined {
	const report = (text: string, { line, column }: SourcePosition) => {
		addDiagnostic({ line, column, text });
		return undefined;
	};
	const parentValue = values.get("parent");
	const namedParent = parentValue && readParentId(parentValue, report);
	const scopeValue = findParentScope(values, child, report);
	const scopeParent = scopeValue && parseScope(scopeValue, report);
	if (namedParent && scopeParent && namedParent.id !== scopeParent.id)
		return report(
			`${parentValue?.name} and ${scopeValue.name} name two parents; a device has one`,
			namedParent,
		);
	// A gateway that does not say that it is one may come with its own scope.
	return namedParent ?? (scopeParent?.id === child.id ? undefined : scopeParent);
}

type Report = (text: string, position: SourcePosition) => undefined;

function readParentId({ name, value }: SourceValue, report: Report): ParentReference | undefined {
	const id = getStringValue(value);
	if (id === undefined) {
		const remedy = value.kind === "scalar" ? "; put it in quotes" : "";
		return report(
			`${name} takes the id of a gateway, a text, not ${describeNodeKind(value)}${remedy}`,
			value,
		);
	}
	return id === "" ? undefined : { id, line: value.line, column: value.column, name };
}

/** A leaf has its parent's scope as its own; a gateway has one of its own, and its parent's in a list. */
function findParentScope(
	values: DeviceValues,
	{ iotEdge }: ChildDevice,
	report: Report,
): SourceValue | undefined {
	const ownScope = values.get("deviceScope");
	const parentScopes = values.get("parentScopes");
	if (iotEdge !== true && ownScope !== undefined && getStringValue(ownScope.value) !== "") return ownScope;
	if (parentScopes === undefined) return undefined;
	const { name, value } = parentScopes;
	if (value.kind !== "list") return report(`${name} takes a list, not ${describeNodeKind(value)}`, value);
	const [first, second] = value.items;
	if (second !== undefined)
		return report(`${name} names ${value.items.length} parents; a device has one`, value);
	return first && { name, value: first };
}

/** The scope's number is the gateway's generation, which another hub, or another life of it, does not have. */
const SCOPE_PATTERN = /^ms-azure-iot-edge:\/\/(.+)-\d*$/;

function parseScope({ name, value }: SourceValue, report: Report): ParentReference | undefined {
	const scope = getStringValue(value);
	const [, id] = SCOPE_PATTERN.exec(scope ?? "") ?? [];
	const { line, column } = value;
	if (id !== undefined) return { id, line, column, name };
	const shownValue = scope === undefined ? describeNodeKind(value) : quoteName(scope);
	return report(
		`${name} is ${shownValue} and no scope (ms-azure-iot-edge://…); name the gateway in parent`,
		value,
	);
}

function getStringValue(value: SourceNode): string | undefined {
	return value.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
}
