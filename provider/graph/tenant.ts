import type { Credential } from "../auth/credential.ts";
import { parseTenantId, readTenantOfToken } from "../auth/tokenTenant.ts";
import type { FleetProvider } from "../fleet/fleetProvider.ts";
import { PartialError } from "../resource/errors.ts";
import type { ResourceProvider } from "../resource/resourceProvider.ts";
import type { AdoptedObject } from "../resource/state.ts";
import { ConfigurationError, type SettingReader } from "../settings/reader.ts";
import type { Values } from "../values.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import { AUTOPILOT_SETTINGS, EXAMPLE_TENANT_ID } from "./settings.ts";

/** The output that records the tenant of a machine or a fleet. */
export const TENANT_OUTPUT = "tenantId";

/** The sign-in leads to another tenant than the one that the stack's machines belong to, so the request was not sent. */
export class WrongTenant extends AutopilotError {
	/** Every machine of the stack belongs to the same tenant. */
	readonly scope = "service";

	constructor({ expected, actual, identity }: { expected: string; actual: string; identity: string }) {
		const [variable] = AUTOPILOT_SETTINGS.formerTenantId.env;
		super(
			"WrongTenant",
			`The machines of this stack belong to the Entra tenant ${expected}, but the sign-in (${identity}) is to the tenant ${actual}. ` +
				`No request was sent there, and state keeps its machines. Sign in to ${expected}: check ${AUTOPILOT_SETTINGS.tenantId.key} or ` +
				`\`az account show\`. If the machines were moved to ${actual}, set the environment variable ${variable}=${expected} for one run ` +
				"of `pulumi up`, which records the new tenant and registers machines that are missing there.",
		);
	}
}

/**
 * Keeps the requests of one process in one tenant: the tenant that the stack's state records, or else the tenant of the first token.
 * Each operation passes its state before it sends a request, and a token of another tenant is not used. In another tenant, every machine
 * is missing: a refresh would forget it, and a plan would register it again.
 */
export class TenantGuard {
	readonly #formerTenantId: string | undefined;
	readonly #expectedIds = new Set<string>();
	/** The tenant of the tokens in use; undefined before the first one, and if tokens are opaque. */
	#tenantId: string | undefined;

	constructor(reader: SettingReader) {
		this.#formerTenantId = readFormerTenantId(reader);
	}

	/** Expects the tenant that a resource's outputs record. State of earlier releases records none. */
	expectTenantOf(outputs: Values): void {
		const tenantId = parseTenantId(outputs[TENANT_OUTPUT]);
		if (tenantId !== undefined && tenantId !== this.#formerTenantId) this.#expectedIds.add(tenantId);
	}

	/** Returns an object to adopt with the tenant among its outputs. */
	recordIn<Adopted extends AdoptedObject>(adopted: Adopted): Adopted {
		return { ...adopted, outputs: { ...adopted.outputs, ...this.createOutputs({}) } };
	}

	/**
	 * Returns the outputs that record the tenant; none if it is not known.
	 *
	 * @param last the outputs of the last deployment, whose record is kept if tokens are opaque
	 */
	createOutputs(last: Values): Values {
		const tenantId = this.#tenantId ?? last[TENANT_OUTPUT];
		return tenantId === undefined ? {} : { [TENANT_OUTPUT]: tenantId };
	}

	/** Returns a credential that throws {@link WrongTenant} instead of returning a token of another tenant. */
	guard(credential: Credential): Credential {
		const { scheme, identity } = credential;
		return {
			scheme,
			identity,
			getAuthorizationHeader: async () => {
				const authorization = await credential.getAuthorizationHeader();
				this.#check(readTenantOfToken(authorization), identity);
				return authorization;
			},
			handleUnauthorized: (serviceTimeMs) => credential.handleUnauthorized?.(serviceTimeMs) ?? false,
			describeClockSkew: () => credential.describeClockSkew?.() ?? "",
		};
	}

	#check(actual: string | undefined, identity: string): void {
		if (actual === undefined) return;
		const expected = [...this.#expectedIds].find((tenantId) => tenantId !== actual);
		if (expected !== undefined) throw new WrongTenant({ expected, actual, identity });
		this.#tenantId = actual;
		this.#expectedIds.add(actual);
	}
}

function readFormerTenantId(reader: SettingReader): string | undefined {
	const text = reader.get(AUTOPILOT_SETTINGS.formerTenantId);
	if (text === undefined) return undefined;
	const tenantId = parseTenantId(text);
	if (tenantId !== undefined) return tenantId;
	throw new ConfigurationError(
		AUTOPILOT_SETTINGS.formerTenantId.key,
		`is "${text}", which is not a tenant id; it must be a GUID such as ${EXAMPLE_TENANT_ID}`,
	);
}

/**
 * Returns a provider that keeps its resources in one tenant: each operation expects the tenant in state and records the tenant in its
 * outputs. A changed record alone is no change for `diff`.
 */
export function keepTenant(provider: ResourceProvider, guard: TenantGuard): ResourceProvider {
	const recordInError = (olds: Values, error: unknown): unknown => {
		if (error instanceof PartialError) Object.assign(error.properties, guard.createOutputs(olds));
		return error;
	};
	return {
		check: (olds, news) => provider.check(olds, news),
		async diff(id, olds, news) {
			guard.expectTenantOf(olds);
			return provider.diff(id, olds, news);
		},
		async create(inputs) {
			try {
				const { id, outs } = await provider.create(inputs);
				return { id, outs: { ...outs, ...guard.createOutputs({}) } };
			} catch (error) {
				throw recordInError({}, error);
			}
		},
		async read(id, olds) {
			guard.expectTenantOf(olds);
			const result = await provider.read(id, olds);
			return result.id === ""
				? result
				: { ...result, props: { ...result.props, ...guard.createOutputs(olds) } };
		},
		async update(id, olds, news) {
			guard.expectTenantOf(olds);
			try {
				const { outs } = await provider.update(id, olds, news);
				return { outs: { ...outs, ...guard.createOutputs(olds) } };
			} catch (error) {
				throw recordInError(olds, error);
			}
		},
		async delete(id, olds) {
			guard.expectTenantOf(olds);
			await provider.delete(id, olds);
		},
		async inspectResource(id, outputs, options) {
			guard.expectTenantOf(outputs);
			return provider.inspectResource(id, outputs, options);
		},
	};
}

/** Does for a fleet what {@link keepTenant} does for a single resource. The fleet records one tenant for all its members. */
export function keepFleetTenant(provider: FleetProvider, guard: TenantGuard): FleetProvider {
	return {
		...keepTenant(provider, guard),
		async inspectMembers(outputs, createOptions) {
			guard.expectTenantOf(outputs);
			return provider.inspectMembers(outputs, createOptions);
		},
	};
}
