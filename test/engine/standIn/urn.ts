/** The type of the resource that stands for the whole stack. */
export const STACK_TYPE = "pulumi:pulumi:Stack";

const PROVIDER_PREFIX = "pulumi:providers:";

/** The stack and project that every URN of an operation carries. */
export interface UrnScope {
	readonly stack: string;
	readonly project: string;
}

/** Builds a URN; children of the stack itself carry no parent type (sdk/go/common/resource/urn/urn.go, `New`). */
export function makeUrn(scope: UrnScope, parent: string, type: string, name: string): string {
	const parentType =
		parent === "" || readQualifiedType(parent) === STACK_TYPE ? "" : readQualifiedType(parent);
	const qualified = parentType === "" ? type : `${parentType}$${type}`;
	return `urn:pulumi:${scope.stack}::${scope.project}::${qualified}::${name}`;
}

/** The URN of the resource that stands for the stack. */
export const makeStackUrn = (scope: UrnScope): string =>
	makeUrn(scope, "", STACK_TYPE, `${scope.project}-${scope.stack}`);

/** The types of a resource's parents and its own, joined by `$`. */
export const readQualifiedType = (urn: string): string => urn.split("::")[2] ?? "";

/** The resource's own type. */
export const getType = (urn: string): string => readQualifiedType(urn).split("$").at(-1) ?? "";

/** The resource's name, which may itself contain colons. */
export const getName = (urn: string): string => urn.split("::").slice(3).join("::");

/** True for `pulumi:providers:…`. */
export const isProviderType = (type: string): boolean => type.startsWith(PROVIDER_PREFIX);

/** The package whose resources a provider of that type manages. */
export const parseProviderPackage = (type: string): string => type.slice(PROVIDER_PREFIX.length);

/** The type of a package's provider. */
export const makeProviderType = (pkg: string): string => `${PROVIDER_PREFIX}${pkg}`;

/** A provider that the engine itself made (sdk/go/common/providers/reference.go, `IsDefaultProvider`). */
export const isDefaultProvider = (urn: string): boolean =>
	isProviderType(getType(urn)) && getName(urn).startsWith("default");

/** What resources store to say which provider manages them: its URN and its id. */
export const formatProviderReference = (urn: string, id: string): string => `${urn}::${id}`;

/** Takes a provider reference apart. */
export function parseReference(reference: string): { readonly urn: string; readonly id: string } {
	const at = reference.lastIndexOf("::");
	return { urn: reference.slice(0, at), id: reference.slice(at + 2) };
}
