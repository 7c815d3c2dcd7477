import { quoteName } from "../text/quotedNames.ts";
import { createDiagnostic, type Diagnostic, type SourcePosition } from "./diagnostics.ts";
import type { DeviceValues } from "./fleetFile.schema.ts";
import type { SourceValue } from "./objectSchema.ts";
import { describeNodeKind, type SourceNode } from "./sourceNode.ts";

/** The parent of a device, at the position where the file names it. */
export interface ParentReference extends SourcePosition {
	readonly id: string;
	/** The name of the property in the file: `deviceScope`. */
	readonly name: string;
	/** The scope of the parent, if the file names it by its scope: a parent outside the file keeps it. */
	readonly scope?: string;
}

/** The device whose parent is read. */
interface ChildDevice {
	readonly id: string | undefined;
	readonly iotEdge: boolean | undefined;
}

/** Returns the parent, which a file names by its id or its scope; undefined without one. */
export function resolveParent(
	values: DeviceValues,
	child: ChildDevice,
	addDiagnostic: (diagnostic: Diagnostic) => void,
): ParentReference | undefined {
	const report: Report = (text, position) => addDiagnostic(createDiagnostic(position, text));
	const parentValue = values.get("parent");
	const namedParent = parentValue && readParentId(parentValue, report);
	const scopeValue = findParentScope(values, child, report);
	const scopeParent = scopeValue && parseScope(scopeValue, report);
	if (namedParent && scopeParent && namedParent.id !== scopeParent.id) {
		report(
			`${parentValue?.name} and ${scopeValue.name} name different parents; a device can have only one`,
			namedParent,
		);
		return undefined;
	}
	if (namedParent)
		return scopeParent?.scope === undefined ? namedParent : { ...namedParent, scope: scopeParent.scope };
	// A gateway without `iotEdge: true` may still have its own scope.
	return scopeParent?.id === child.id ? undefined : scopeParent;
}

type Report = (text: string, position: SourcePosition) => void;

function readParentId({ name, value }: SourceValue, report: Report): ParentReference | undefined {
	const id = getStringValue(value);
	if (id === undefined) {
		const remedy = value.kind === "scalar" ? "; put it in quotes" : "";
		report(`${name} must be the id of a gateway as a string, got ${describeNodeKind(value)}${remedy}`, value);
		return undefined;
	}
	return id === "" ? undefined : { id, line: value.line, column: value.column, name };
}

/** Returns the scope of the parent: `deviceScope` of a leaf device, the one item of `parentScopes` of a gateway. */
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
	if (value.kind !== "list") {
		report(`${name} must be a list, got ${describeNodeKind(value)}`, value);
		return undefined;
	}
	const items = value.items.filter((item) => getStringValue(item) !== "");
	const [first, second] = items;
	if (second !== undefined) {
		report(`${name} names ${items.length} parents; a device can have only one`, value);
		return undefined;
	}
	return first && { name, value: first };
}

/** A scope ends in the generation of its gateway, which differs in another hub and after the gateway was created again. */
const SCOPE_PATTERN = /^ms-azure-iot-edge:\/\/(.+)-\d*$/;

function parseScope({ name, value }: SourceValue, report: Report): ParentReference | undefined {
	const scope = getStringValue(value);
	const [, id] = SCOPE_PATTERN.exec(scope ?? "") ?? [];
	const { line, column } = value;
	if (id !== undefined && scope !== undefined) return { id, line, column, name, scope };
	const shownValue = scope === undefined ? describeNodeKind(value) : quoteName(scope);
	report(
		`${name} is ${shownValue}, which is not a scope (ms-azure-iot-edge://…); to name the gateway by its id, use parent`,
		value,
	);
	return undefined;
}

function getStringValue(value: SourceNode): string | undefined {
	return value.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
}
