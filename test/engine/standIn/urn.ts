/** The type of the resource that represents the whole stack. */
export const STACK_TYPE = "pulumi:pulumi:Stack";

const PROVIDER_PREFIX = "pulumi:providers:";

/** The stack and project in every URN of an operation. */
export interface UrnScope {
	readonly stack: string;
	readonly project: string;
}

/** Builds a URN; children of the stack itself have no parent type (sdk/go/common/resource/urn/urn.go, `New`). */
export function makeUrn(scope: UrnScope, parent: string, type: string, name: string): string {
	const parentType =
		parent === "" || readQualifiedType(parent) === STACK_TYPE ? "" : readQualifiedType(parent);
	const qualified = parentType === "" ? type : `${parentType}$${type}`;
	return `urn:pulumi:${scope.stack}::${scope.project}::${qualified}::${name}`;
}

/** Returns the URN of the resource that represents the stack. */
export const makeStackUrn = (scope: UrnScope): string =>
	makeUrn(scope, "", STACK_TYPE, `${scope.project}-${scope.stack}`);

/** Returns the types of a resource's parents and its own, joined by `$`. */
export const readQualifiedType = (urn: string): string => urn.split("::")[2] ?? "";

/** Returns the resource's own type. */
export const getType = (urn: string): string => readQualifiedType(urn).split("$").at(-1) ?? "";

/** Returns the resource's name, which may contain colons. */
export const getName = (urn: string): string => urn.split("::").slice(3).join("::");

/** Returns whether the type is `pulumi:providers:…`. */
export const isProviderType = (type: string): boolean => type.startsWith(PROVIDER_PREFIX);

/** Returns the package whose resources a provider of that type manages. */
export const parseProviderPackage = (type: string): string => type.slice(PROVIDER_PREFIX.length);

/** Returns the type of a package's provider. */
export const makeProviderType = (pkg: string): string => `${PROVIDER_PREFIX}${pkg}`;

/** Returns whether the engine itself created the provider (sdk/go/common/providers/reference.go, `IsDefaultProvider`). */
export const isDefaultProvider = (urn: string): boolean =>
	isProviderType(getType(urn)) && getName(urn).startsWith("default");

/** Formats the reference to a provider that resources store: its URN and its id. */
export const formatProviderReference = (urn: string, id: string): string => `${urn}::${id}`;

/** Parses a provider reference. */
export function parseReference(reference: string): { readonly urn: string; readonly id: string } {
	const at = reference.lastIndexOf("::");
	return { urn: reference.slice(0, at), id: reference.slice(at + 2) };
}

const DENIED = "denydefaultprovider::";

/** The reference of a default provider that the configuration disables. */
export const formatDeniedReference = (pkg: string): string => `${DENIED}${pkg}`;

/** Returns the package of a default provider that the configuration disables, or undefined for other references. */
export const parseDeniedPackage = (reference: string): string | undefined =>
	reference.startsWith(DENIED) ? reference.slice(DENIED.length) : undefined;
