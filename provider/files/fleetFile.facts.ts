import { type Facts, QUIETLY, type Shape, TOLD } from "./shape.ts";

/** What files say of a device. */
export type DeviceFact =
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

/** All that a file says of a device. */
export type DeviceFacts = Facts<DeviceFact>;

const X509: Shape<DeviceFact> = {
	primaryThumbprint: { fact: "primaryThumbprint" },
	secondaryThumbprint: { fact: "secondaryThumbprint" },
};

/**
 * The names of a `FleetDevice`, and those that the service has for a device: in exports (`ExportImportDevice`), in answers
 * of its REST API (`Device`), and in twins, which `az iot hub device-identity list` shows.
 */
export const DEVICE: Shape<DeviceFact> = {
	deviceId: { fact: "deviceId" },
	id: { fact: "deviceId" },
	parent: { fact: "parent" },
	status: { fact: "status" },
	statusReason: { fact: "statusReason" },
	authentication: {
		within: {
			type: { fact: "type" },
			symmetricKey: {
				within: { primaryKey: { fact: "primaryKey" }, secondaryKey: { fact: "secondaryKey" } },
			},
			x509Thumbprint: { within: X509 },
		},
	},
	capabilities: { within: { iotEdge: { fact: "iotEdge" } } },
	deviceScope: { fact: "deviceScope" },
	parentScopes: { fact: "parentScopes" },
	importMode: { fact: "importMode" },
	moduleId: { fact: "moduleId" },
	authenticationType: { fact: "type" },
	x509Thumbprint: { within: X509 },
	tags: TOLD,
	properties: TOLD,
	cloudToDeviceMessageCount: QUIETLY,
	configurations: QUIETLY,
	connectionState: QUIETLY,
	connectionStateUpdatedTime: QUIETLY,
	deviceEtag: QUIETLY,
	etag: QUIETLY,
	generationId: QUIETLY,
	lastActivityTime: QUIETLY,
	modelId: QUIETLY,
	statusUpdateTime: QUIETLY,
	statusUpdatedTime: QUIETLY,
	twinETag: QUIETLY,
	version: QUIETLY,
};
