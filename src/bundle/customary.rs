//! The order in which people write the keys of manifests.

use super::field::{Field, Key};

/// A key among its siblings, ordered as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    rank: u16,
    /// The index of the entry in its map.
    pub index: u32,
}

impl Place {
    /// Whether the key is one of the table: a word of ASCII letters, which needs no quotes in any format.
    pub fn is_known(self) -> bool {
        self.rank < UNKNOWN
    }
}

/// How the keys of a map are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// As people write them: the fields of a type.
    Customary,
    /// As they stand: the user chose them.
    Free,
}

impl Keys {
    /// How the keys of the map that stands below this key are ordered.
    pub fn below(key: &str) -> Self {
        match key {
            "labels" | "annotations" | "data" | "limits" | "requests" | "matchLabels" | "selector" | "nodeSelector"
            | "stringData" | "binaryData" | "parameters" | "properties" | "hard" | "capacity" => Self::Free,
            _ => Self::Customary,
        }
    }
}

/// Appends the entries of a map to `places` in the order in which they are written.
///
/// In customary order the known keys come first, in the order of a table, then the others as they stand, `status` last.
pub fn arrange(entries: &[(Key, Field)], keys: Keys, places: &mut Vec<Place>) {
    let start = places.len();
    match keys {
        Keys::Free => places.extend((0..).take(entries.len()).map(|index| Place { rank: UNKNOWN, index })),
        Keys::Customary => {
            places.extend(entries.iter().zip(0..).map(|((key, _), index)| Place { rank: rank(key), index }));
            places[start..].sort_unstable();
        }
    }
}

/// One order for all kinds: a key that several of them have stands where it is right for each.
#[rustfmt::skip]
const ORDER: &[&str] = &[
    "apiVersion", "apiGroup", "apiGroups", "kind", "metadata",
    // names
    "name", "generateName", "namespace", "labels", "annotations",
    // Secret, ConfigMap, ServiceAccount, classes
    "type", "immutable", "secrets", "imagePullSecrets",
    "provisioner", "parameters", "reclaimPolicy", "volumeBindingMode", "allowVolumeExpansion", "mountOptions",
    "roleRef", "subjects",
    // Deployment, StatefulSet, Job, CronJob
    "schedule", "timeZone", "concurrencyPolicy", "startingDeadlineSeconds", "suspend",
    "successfulJobsHistoryLimit", "failedJobsHistoryLimit", "jobTemplate",
    "serviceName", "replicas", "podManagementPolicy", "revisionHistoryLimit", "minReadySeconds", "progressDeadlineSeconds",
    "parallelism", "completions", "completionMode", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished",
    // HorizontalPodAutoscaler, PodDisruptionBudget
    "scaleTargetRef", "minReplicas", "maxReplicas", "metrics", "minAvailable", "maxUnavailable",
    // NetworkPolicy
    "podSelector", "namespaceSelector", "policyTypes", "from", "to",
    // Service
    "clusterIP", "clusterIPs", "externalName", "loadBalancerClass", "ipFamilyPolicy", "ipFamilies",
    "externalTrafficPolicy", "internalTrafficPolicy", "sessionAffinity", "sessionAffinityConfig", "publishNotReadyAddresses",
    "selector", "matchLabels", "matchExpressions", "strategy", "updateStrategy", "rollingUpdate", "maxSurge", "template",
    "persistentVolumeClaimRetentionPolicy", "volumeClaimTemplates",
    // claims
    "accessModes", "volumeMode", "storageClassName", "volumeName", "medium", "sizeLimit",
    // Ingress, Gateway, HTTPRoute
    "ingressClassName", "gatewayClassName", "parentRefs", "sectionName", "hostnames", "hosts", "secretName", "hostname",
    "defaultBackend", "listeners", "resource",
    // rules and matches
    "key", "operator", "method", "path", "pathType", "value", "values", "effect", "tolerationSeconds", "valueFrom",
    "matches", "filters", "backendRefs", "service",
    // containers
    "image", "imagePullPolicy", "restartPolicy", "command", "args", "workingDir",
    "port", "containerPort", "hostPort", "hostIP", "targetPort", "protocol", "nodePort", "appProtocol", "ports",
    "envFrom", "env", "prefix", "configMapRef", "secretRef", "configMapKeyRef", "secretKeyRef", "fieldRef", "resourceFieldRef",
    "resources", "resourceNames", "nonResourceURLs", "verbs", "requests", "limits", "claims",
    "volumeMounts", "mountPath", "subPath", "subPathExpr", "readOnly", "mountPropagation", "volumeDevices",
    "devicePath", "lifecycle", "postStart", "preStop", "startupProbe", "livenessProbe", "readinessProbe",
    "httpGet", "scheme", "host", "http", "httpHeaders", "tcpSocket", "grpc", "exec", "sleep", "paths", "backend", "number",
    "initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold",
    // Pods
    "serviceAccountName", "automountServiceAccountToken", "enableServiceLinks", "priorityClassName", "runtimeClassName",
    "hostNetwork", "hostPID", "hostIPC", "dnsPolicy", "dnsConfig", "hostAliases", "shareProcessNamespace",
    "securityContext", "privileged", "allowPrivilegeEscalation", "readOnlyRootFilesystem", "runAsNonRoot", "runAsUser",
    "runAsGroup", "fsGroup", "fsGroupChangePolicy", "supplementalGroups", "capabilities", "drop", "add", "seccompProfile",
    "localhostProfile", "terminationGracePeriodSeconds", "initContainers", "containers", "volumes",
    "nodeSelector", "affinity", "tolerations", "topologySpreadConstraints",
    "weight", "preference", "podAffinityTerm", "maxSkew", "topologyKey", "whenUnsatisfiable", "labelSelector",
    // volumes
    "emptyDir", "persistentVolumeClaim", "claimName", "configMap", "secret", "projected", "downwardAPI", "hostPath",
    "sources", "items", "mode", "defaultMode", "optional",
    // metrics
    "averageUtilization", "averageValue", "behavior", "scaleUp", "scaleDown", "stabilizationWindowSeconds",
    "policies",
    // ExternalSecret
    "refreshInterval", "secretStoreRef", "target", "secretKey", "remoteRef", "creationPolicy",
    // what ends an object
    "spec", "tls", "rules", "ingress", "egress", "stringData", "data", "binaryData",
];

const UNKNOWN: u16 = ORDER.len() as u16;
const LAST: u16 = UNKNOWN + 1;

/// A key of the table: a word of ASCII letters that no reader of YAML takes for anything but a text.
pub fn known(key: &str) -> Option<&'static str> {
    ORDER.get(usize::from(rank(key))).copied()
}

/// The place of a key among the fields of a type, as people write them; unknown keys come behind all others, `status` last.
pub fn rank(key: &str) -> u16 {
    let mut slot = slot(key.as_bytes());
    loop {
        match SLOTS[slot] {
            0 if key == "status" => return LAST,
            0 => return UNKNOWN,
            next if ORDER[usize::from(next) - 1] == key => return next - 1,
            _ => slot = (slot + 1) % SLOTS.len(),
        }
    }
}

/// [`ORDER`] by hash: 1 + the index of a key, or 0 where nothing stands. Made by the compiler, so that nothing is done at the start.
static SLOTS: [u16; 1024] = {
    let mut slots = [0; 1024];
    let mut index = 0;
    while index < ORDER.len() {
        let mut slot = slot(ORDER[index].as_bytes());
        while slots[slot] != 0 {
            slot = (slot + 1) % slots.len();
        }
        index += 1;
        slots[slot] = index as u16;
    }
    slots
};

/// Where the search for a key begins: from its length, first, middle and last byte.
const fn slot(key: &[u8]) -> usize {
    if key.is_empty() {
        return 0;
    }
    let (first, middle, last) = (key[0] as usize, key[key.len() / 2] as usize, key[key.len() - 1] as usize);
    (first * 7 + middle * 131 + last * 37 + key.len() * 409) % 1024
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::FieldValue;
    use crate::document::OriginId;

    fn arranged(keys: &'static [&'static str]) -> Vec<&'static str> {
        let null = || Field::new(FieldValue::Null, OriginId(0));
        let entries: Vec<_> = keys.iter().map(|key| (Key::Borrowed(*key), null())).collect();
        let outer = Place { rank: 9, index: 9 };
        let mut places = vec![outer];
        arrange(&entries, Keys::Customary, &mut places);
        assert_eq!(places[0], outer);
        places[1..].iter().map(|place| keys[place.index as usize]).collect()
    }

    #[test]
    fn objects_begin_with_their_kind_and_end_with_their_status() {
        let keys = arranged(&["status", "zone", "spec", "metadata", "area", "kind", "apiVersion"]);
        assert_eq!(keys, ["apiVersion", "kind", "metadata", "spec", "zone", "area", "status"]);
    }

    #[test]
    fn containers_begin_with_name_and_image() {
        let keys =
            arranged(&["args", "command", "env", "envFrom", "image", "livenessProbe", "name", "ports", "resources"]);
        assert_eq!(keys, ["name", "image", "command", "args", "ports", "envFrom", "env", "resources", "livenessProbe"]);
    }

    #[test]
    fn each_kind_has_its_customary_order() {
        assert_eq!(arranged(&["ports", "selector", "type", "clusterIP"]), ["type", "clusterIP", "selector", "ports"]);
        assert_eq!(
            arranged(&["template", "strategy", "selector", "replicas"]),
            ["replicas", "selector", "strategy", "template"]
        );
        assert_eq!(arranged(&["type", "metadata", "data"]), ["metadata", "type", "data"]);
        assert_eq!(arranged(&["verbs", "resources", "apiGroups"]), ["apiGroups", "resources", "verbs"]);
        assert_eq!(arranged(&["name", "kind", "apiGroup"]), ["apiGroup", "kind", "name"]);
        assert_eq!(arranged(&["protocol", "targetPort", "name", "port"]), ["name", "port", "targetPort", "protocol"]);
        assert_eq!(arranged(&["backend", "pathType", "path"]), ["path", "pathType", "backend"]);
        assert_eq!(arranged(&["rules", "tls", "ingressClassName"]), ["ingressClassName", "tls", "rules"]);
        assert_eq!(
            arranged(&["volumes", "containers", "securityContext"]),
            ["securityContext", "containers", "volumes"]
        );
        assert_eq!(
            arranged(&["resources", "accessModes", "storageClassName"]),
            ["accessModes", "storageClassName", "resources"]
        );
    }

    #[test]
    fn no_key_stands_twice() {
        let mut keys = ORDER.to_vec();
        keys.sort_unstable();
        assert!(keys.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn every_key_is_a_word_without_quotes() {
        for key in ORDER {
            assert!(key.len() > 1 && key.bytes().all(|byte| byte.is_ascii_alphabetic()), "{key}");
            assert!(!["on", "off", "no", "yes", "true", "false", "null"].contains(key));
        }
    }

    #[test]
    fn every_key_is_found_at_its_place() {
        for (index, key) in ORDER.iter().enumerate() {
            assert_eq!(usize::from(rank(key)), index, "{key}");
        }
        assert_eq!(rank("imagee"), UNKNOWN);
    }
}
