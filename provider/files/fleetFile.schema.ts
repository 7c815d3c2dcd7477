import {
	IGNORED_SILENTLY,
	IGNORED_WITH_NOTICE,
	type ObjectSchema,
	type SourceValues,
} from "./objectSchema.ts";

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

/**
 * The property names of a `FleetDevice`, and those of the service: in exports (`ExportImportDevice`), in responses of its REST
 * API (`Device`), and in twins, which `az iot hub device-identity list` returns.
 */
export const DEVICE_SCHEMA: ObjectSchema<DeviceField> = {
	deviceId: { field: "deviceId" },
	id: { field: "deviceId" },
	parent: { field: "parent" },
	status: { field: "status" },
	statusReason: { field: "statusReason" },
	authentication: {
		properties: {
			type: { field: "type" },
			symmetricKey: {
				properties: { primaryKey: { field: "primaryKey" }, secondaryKey: { field: "secondaryKey" } },
			},
			x509Thumbprint: { properties: X509_SCHEMA },
		},
	},
	capabilities: { properties: { iotEdge: { field: "iotEdge" } } },
	deviceScope: { field: "deviceScope" },
	parentScopes: { field: "parentScopes" },
	importMode: { field: "importMode" },
	moduleId: { field: "moduleId" },
	authenticationType: { field: "type" },
	x509Thumbprint: { properties: X509_SCHEMA },
	tags: IGNORED_WITH_NOTICE,
	properties: IGNORED_WITH_NOTICE,
	cloudToDeviceMessageCount: IGNORED_SILENTLY,
	configurations: IGNORED_SILENTLY,
	connectionState: IGNORED_SILENTLY,
	connectionStateUpdatedTime: IGNORED_SILENTLY,
	deviceEtag: IGNORED_SILENTLY,
	etag: IGNORED_SILENTLY,
	generationId: IGNORED_SILENTLY,
	lastActivityTime: IGNORED_SILENTLY,
	modelId: IGNORED_SILENTLY,
	statusUpdateTime: IGNORED_SILENTLY,
	statusUpdatedTime: IGNORED_SILENTLY,
	twinETag: IGNORED_SILENTLY,
	version: IGNORED_SILENTLY,
};
