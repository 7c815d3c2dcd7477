import {
	IGNORED_SILENTLY,
	IGNORED_WITH_NOTICE,
	type ObjectSchema,
	type SourceValues,
} from "./objectSchema.ts";
import type { MappingNode } from "./sourceNode.ts";

/** A field of a device in a file. */
export type DeviceField =
	| "deviceId"
	| "moduleId"
	| "importMode"
	| "parent"
	| "deviceScope"
	| "parentScopes"
	| "iotEdge"
	| "status"
	| "statusReason"
	| "type"
	| "primaryKey"
	| "secondaryKey"
	| "primaryThumbprint"
	| "secondaryThumbprint";

/** The values of a device in a file, by field. */
export type DeviceValues = SourceValues<DeviceField>;

const X509_SCHEMA: ObjectSchema<DeviceField> = {
	primaryThumbprint: { field: "primaryThumbprint" },
	secondaryThumbprint: { field: "secondaryThumbprint" },
};

const KEYS_SCHEMA: ObjectSchema<DeviceField> = {
	primaryKey: { field: "primaryKey" },
	secondaryKey: { field: "secondaryKey" },
};

/**
 * The property names of a `FleetDevice`, and those of the service: in exports (`ExportImportDevice`), in responses of its REST
 * API (`Device`), in twins, which `az iot hub device-identity list` returns, and in the devices of the Java SDK (`thumbprint`) and of
 * `Get-AzIotHubDevice` (`edgeEnabled`). The members of api-version 2026-11-01-preview are ignored with a notice, because the
 * api-versions of this package cannot write them.
 */
export const DEVICE_SCHEMA: ObjectSchema<DeviceField> = {
	deviceId: { field: "deviceId" },
	id: { field: "deviceId" },
	parent: { field: "parent" },
	status: { field: "status" },
	statusReason: { field: "statusReason" },
	authentication: {
		textField: "type",
		properties: {
			type: { field: "type" },
			symmetricKey: { properties: KEYS_SCHEMA },
			x509Thumbprint: { properties: X509_SCHEMA },
			thumbprint: { properties: X509_SCHEMA, isUnlisted: true },
			policyResourceId: IGNORED_WITH_NOTICE,
			x509CaValidation: IGNORED_WITH_NOTICE,
		},
	},
	capabilities: { properties: { iotEdge: { field: "iotEdge" } } },
	iotEdge: { field: "iotEdge" },
	edgeEnabled: { field: "iotEdge", isUnlisted: true },
	deviceScope: { field: "deviceScope" },
	parentScopes: { field: "parentScopes" },
	importMode: { field: "importMode" },
	moduleId: { field: "moduleId" },
	authenticationType: { field: "type" },
	x509Thumbprint: { properties: X509_SCHEMA },
	symmetricKey: { properties: KEYS_SCHEMA },
	tags: IGNORED_WITH_NOTICE,
	properties: IGNORED_WITH_NOTICE,
	adrDeviceProperties: IGNORED_WITH_NOTICE,
	armSyncStatus: IGNORED_WITH_NOTICE,
	attributes: IGNORED_WITH_NOTICE,
	deviceResourceId: IGNORED_WITH_NOTICE,
	cloudToDeviceMessageCount: IGNORED_SILENTLY,
	configurations: IGNORED_SILENTLY,
	connectionState: IGNORED_SILENTLY,
	connectionStateUpdatedTime: IGNORED_SILENTLY,
	deviceEtag: IGNORED_SILENTLY,
	etag: IGNORED_SILENTLY,
	generationId: IGNORED_SILENTLY,
	lastActivityTime: IGNORED_SILENTLY,
	managedBy: IGNORED_SILENTLY,
	modelId: IGNORED_SILENTLY,
	statusUpdateTime: IGNORED_SILENTLY,
	statusUpdatedTime: IGNORED_SILENTLY,
	twinETag: IGNORED_SILENTLY,
	version: IGNORED_SILENTLY,
};

/** The properties that only the service, its tools and import files give a device; none of them is a property of a fleet's device. */
const SERVICE_MARKS: ReadonlySet<string> = new Set([
	"etag",
	"deviceetag",
	"generationid",
	"twinetag",
	"importmode",
]);

/** Whether the service or one of its tools wrote a device: then it may have members that the service added later. */
export function isServiceRecord({ members }: MappingNode): boolean {
	return members.some(
		({ name, value }) =>
			SERVICE_MARKS.has(name.replaceAll("_", "").toLowerCase()) &&
			!(value.kind === "scalar" && value.value === null),
	);
}
