import { Bail } from "../emitter.ts";
import type { ResourceState } from "../state/resourceState.ts";
import { getName, getType, makeUrn, readQualifiedType, STACK_TYPE } from "../urn.ts";
import type { Deployment } from "./deployment.ts";
import type { Alias } from "./goal.ts";
import type { Records } from "./records.ts";

/** The identity of a registration. */
export interface Identity {
	readonly urn: string;
	readonly name: string;
	readonly type: string;
	readonly parent: string;
	readonly aliases: readonly Alias[];
}

/** The old state that a registration continues. */
export interface Known {
	readonly old: ResourceState | undefined;
	/** The name of the old state, if it differs. */
	readonly alias: string | undefined;
	/** True if two registrations claim the same old state, which was reported. */
	readonly invalid: boolean;
}

/** Finds the old state by the URN itself, or else by its aliases (pkg/resource/deploy/step_generator.go, `getOldResource`). */
export function findOld(deployment: Deployment, records: Records, identity: Identity): Known {
	const { urn } = identity;
	const claimed = records.aliased.get(urn);
	if (claimed !== undefined) {
		const message = `Duplicate resource URN '${urn}' conflicting with alias on resource with URN '${claimed}'`;
		deployment.emitter.emitError(message, urn);
	}
	const names = [urn, ...listAliasUrns(deployment, records, identity)];
	const known = names.find((name) => deployment.olds.has(name));
	const old = known === undefined ? undefined : deployment.olds.get(known);
	if (known === undefined || known === urn) return { old, alias: undefined, invalid: claimed !== undefined };
	const rival = records.urns.has(known) ? urn : records.aliased.get(known);
	if (rival !== undefined) {
		const message = `Duplicate resource alias '${known}' applied to resource with URN '${urn}' conflicting with`;
		deployment.emitter.emitError(`${message} resource with URN '${rival}'`, urn);
	}
	records.aliased.set(known, urn);
	records.aliases.set(urn, known);
	return { old, alias: known, invalid: claimed !== undefined || rival !== undefined };
}

function listAliasUrns(deployment: Deployment, records: Records, identity: Identity): string[] {
	const own = identity.aliases.map((alias) => collapse(deployment, records, identity, alias));
	const parentAlias = records.aliases.get(identity.parent);
	if (parentAlias === undefined) return own;
	const inherit = (type: string, name: string): string =>
		inheritAlias(deployment, type, name, getName(identity.parent), parentAlias);
	const inheritedOwn = own.map((urn) => inherit(getType(urn), getName(urn)));
	return [...own, inherit(identity.type, identity.name), ...inheritedOwn];
}

function collapse(deployment: Deployment, records: Records, identity: Identity, alias: Alias): string {
	if (alias.urn !== undefined && alias.urn !== "") return alias.urn;
	const named = alias.parent === undefined || alias.parent === "" ? undefined : alias.parent;
	const parent = named === undefined ? identity.parent : (records.aliases.get(named) ?? named);
	const scope = {
		project: alias.project || deployment.scope.project,
		stack: alias.stack || deployment.scope.stack,
	};
	const orphan = alias.noParent === true || readQualifiedType(parent) === STACK_TYPE;
	return makeUrn(scope, orphan ? "" : parent, alias.type || identity.type, alias.name || identity.name);
}

function inheritAlias(
	deployment: Deployment,
	type: string,
	name: string,
	parentName: string,
	parentAlias: string,
): string {
	const renamed = name.startsWith(parentName) ? getName(parentAlias) + name.slice(parentName.length) : name;
	return makeUrn(deployment.scope, parentAlias, type, renamed);
}

/** Gives a registration its URN, which must be unique in this operation. */
export function claimUrn(
	{ scope, emitter }: Deployment,
	{ urns }: Records,
	{ type, name, parent }: { readonly type: string; readonly name: string; readonly parent: string },
): string {
	if (parent !== "" && !urns.has(parent)) throw new Error(`could not find parent resource ${parent}`);
	const urn = makeUrn(scope, parent, type, name);
	if (urns.has(urn)) {
		const message = `Duplicate resource URN '${urn}'; try giving it a unique name`;
		emitter.emitError(message, urn);
		throw new Bail(message);
	}
	urns.add(urn);
	return urn;
}
