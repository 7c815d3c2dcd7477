import { OTHER_TENANT_ID, type SignInSwitches, TENANT_IDS } from "../../entra/issuer.ts";
import { isRole, ROLE_ACTIONS, type Role } from "../../entra/roles.ts";
import type { Permission } from "../../iotHub/access/policies.ts";
import { readSwitches } from "../../iotHub/switches.ts";
import { type JsonObject, readOptionalChoice, readOptionalNumber, requireObject } from "../../json.ts";
import type { ControlAsk, ControlCommand } from "../control.ts";

const PERMISSIONS: readonly Permission[] = [
	"RegistryRead",
	"RegistryWrite",
	"ServiceConnect",
	"DeviceConnect",
];

/** The commands for policies, applications, limits and switches. */
export const accessCommands: readonly ControlCommand[] = [
	{
		method: "GET",
		path: "/_control/policies",
		help: "List shared access policies with keys and connection strings",
		run: ({ control }) =>
			control.policies
				.list()
				.map((policy) => ({ ...policy, connectionString: control.hub.connectionString(policy.name) })),
	},
	{
		method: "PUT",
		path: "/_control/policies/{name}",
		help: 'Add or replace a policy: {"permissions":["RegistryRead"]}',
		run: ({ control, name, body }) =>
			control.policies.put(name, readPermissions(requireObject(body, "The body"))),
	},
	{
		method: "DELETE",
		path: "/_control/policies/{name}",
		help: "Delete a policy",
		run: ({ control, name }) => ({ removed: control.policies.remove(name) }),
	},
	{
		method: "POST",
		path: "/_control/policies/{name}/regenerate",
		help: 'Generate new keys; body {"which":"primary"|"secondary"|"both"} or none',
		run: regenerateKey,
	},
	{
		method: "GET",
		path: "/_control/principals",
		help: "List applications of the directory with secrets and roles",
		run: ({ control }) => control.principals.list(),
	},
	{
		method: "POST",
		path: "/_control/principals",
		help: `Add an application: {"roles":[…]}; roles are ${Object.keys(ROLE_ACTIONS).join(", ")}`,
		run: ({ control, body }) => control.principals.add(readRoles(requireObject(body, "The body"))),
	},
	{
		method: "PATCH",
		path: "/_control/principals/{clientId}",
		help: 'Replace the roles of an application: {"roles":[]}',
		run: ({ control, name, body }) => {
			const principal = control.principals.setRoles(name, readRoles(requireObject(body, "The body")));
			if (principal === undefined) throw new TypeError(`There is no application ${name}`);
			return principal;
		},
	},
	{
		method: "GET",
		path: "/_control/sign-in",
		help: "Show the tenant of the managed identity's tokens, and whether tokens are opaque",
		run: ({ control }) => control.signIn,
	},
	{
		method: "PATCH",
		path: "/_control/sign-in",
		help: `Change them: {"tenantId":"${OTHER_TENANT_ID}","isOpaque":false}`,
		run: ({ control, body }) => Object.assign(control.signIn, readSignIn(requireObject(body, "The body"))),
	},
	{
		method: "GET",
		path: "/_control/limits",
		help: "Show the tier and the maximum number of devices",
		run: listLimits,
	},
	{
		method: "PATCH",
		path: "/_control/limits",
		help: 'Change them: {"maxDevices":10,"sku":"S1","units":1}; "sku":"none" stops throttling',
		run: setLimits,
	},
	{
		method: "GET",
		path: "/_control/switches",
		help: "Show the switches for behaviours that no recording settles",
		run: ({ control }) => control.switches,
	},
	{
		method: "PATCH",
		path: "/_control/switches",
		help: 'Change them, e.g. {"wire":"2026"}',
		run: ({ control, body }) =>
			Object.assign(control.switches, readSwitches(requireObject(body, "The body"))),
	},
];

function readPermissions(body: JsonObject): Permission[] {
	const value = body["permissions"];
	const known = Array.isArray(value) && value.every((item) => PERMISSIONS.includes(item));
	if (!known) throw new TypeError(`permissions must be a list of ${PERMISSIONS.join(", ")}`);
	return value as Permission[];
}

function readRoles(body: JsonObject): Role[] {
	const value = body["roles"];
	if (Array.isArray(value) && value.every(isRole)) return value;
	throw new TypeError(`roles must be a list of ${Object.keys(ROLE_ACTIONS).join(", ")}`);
}

function readSignIn(body: JsonObject): Partial<SignInSwitches> {
	const tenantId = readOptionalChoice(body, "tenantId", TENANT_IDS);
	const { isOpaque } = body;
	if (isOpaque !== undefined && typeof isOpaque !== "boolean")
		throw new TypeError("isOpaque must be true or false");
	return { ...(tenantId === undefined ? {} : { tenantId }), ...(isOpaque === undefined ? {} : { isOpaque }) };
}

function regenerateKey({ control, name, body }: ControlAsk): object {
	const holder = body === undefined ? {} : requireObject(body, "The body");
	const policy = control.policies.regenerate(
		name,
		readOptionalChoice(holder, "which", ["primary", "secondary", "both"]),
	);
	if (policy === undefined) throw new TypeError(`There is no policy ${name}`);
	return policy;
}

function listLimits({ control: { hub } }: Pick<ControlAsk, "control">): object {
	return { ...hub.limits, sku: "none", ...hub.tier };
}

function setLimits({ control, body }: ControlAsk): object {
	const holder = requireObject(body, "The body");
	const maxDevices = readOptionalNumber(holder, "maxDevices");
	if (maxDevices !== undefined) control.hub.limits.maxDevices = maxDevices;
	const sku = readOptionalChoice(holder, "sku", ["F1", "S1", "S2", "S3", "none"]);
	const units = readOptionalNumber(holder, "units");
	if (sku !== undefined) control.hub.setTier(sku === "none" ? {} : { sku, units });
	return listLimits({ control });
}
